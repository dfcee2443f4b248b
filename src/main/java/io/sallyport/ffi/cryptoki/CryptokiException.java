package io.sallyport.ffi.cryptoki;

/// A function of a module that did not return `CKR_OK`.
public final class CryptokiException extends Exception {
    private static final long serialVersionUID = 1;

    private final long value;

    CryptokiException(String function, long value) {
        super(function + ": " + Ckr.name(value), null, false, false);
        this.value = value;
    }

    /// One of [Ckr].
    public long value() {
        return value;
    }

    /// The function and the name of what it returned.
    public String why() {
        return String.valueOf(getMessage());
    }
}
