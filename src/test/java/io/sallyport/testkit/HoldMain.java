package io.sallyport.testkit;

import java.io.IOException;

/// A Java process that lasts as long as its standard input.
public final class HoldMain {
    private HoldMain() {}

    public static void main(String[] words) throws IOException {
        System.in.transferTo(System.out);
    }
}
