package io.sallyport.control.protocol;

/// A line that is no message of this protocol. The sentence is for the one who sent it.
public final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean fatal;

    public BadMessageException(String what) {
        this(what, false);
    }

    BadMessageException(String what, boolean fatal) {
        super(what);
        this.fatal = fatal;
    }

    public String what() {
        return String.valueOf(getMessage());
    }

    /// The stream has lost its line ends: nothing more can be read from it.
    public boolean fatal() {
        return fatal;
    }
}
