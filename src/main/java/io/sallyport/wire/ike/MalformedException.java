package io.sallyport.wire.ike;

/// The octets are no message that we can read. Carries no stack trace: a hostile peer can make us
/// throw one per datagram.
public class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final int at;

    /// @param what what is wrong, with the offending number
    /// @param at offset in octets where it is wrong, from the beginning of what was parsed
    public MalformedException(String what, int at) {
        super(what + " at octet " + at, null, false, false);
        this.what = what;
        this.at = at;
    }

    public final String what() {
        return what;
    }

    /// Offset in octets.
    public final int at() {
        return at;
    }
}
