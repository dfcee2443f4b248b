package io.sallyport.daemon.demo;

import io.sallyport.control.local.DemoRequest;

public final class Demo {
    public Demo(DemoRequest r) {}

    public int run() {
        return 1;
    }
}
