package io.sallyport.ike.exchange;

import io.sallyport.wire.ike.MalformedException;

/// A message is authentic, and what is sealed in it cannot be read. Anybody can cause the plain
/// [MalformedException], which is passed over; this one is the peer's own doing, and is answered.
public final class MalformedInsideException extends MalformedException {
    private static final long serialVersionUID = 1L;

    MalformedInsideException(String what, int at) {
        super(what, at);
    }

    public MalformedInsideException(MalformedException inside) {
        this(inside.what(), inside.at());
    }
}
