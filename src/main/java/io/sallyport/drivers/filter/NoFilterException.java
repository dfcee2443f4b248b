package io.sallyport.drivers.filter;

import java.io.IOException;

/// Packets in clear cannot be refused here; the message says why.
public final class NoFilterException extends IOException {
    private static final long serialVersionUID = 1;

    NoFilterException(String why) {
        super("packets in clear that policy protects cannot be refused: " + why);
    }
}
