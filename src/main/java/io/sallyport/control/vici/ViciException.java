package io.sallyport.control.vici;

/// Octets that are no vici: what is wrong, and where.
public final class ViciException extends Exception {
    private static final long serialVersionUID = 1;

    /// @param at octets from the start of the packet
    public ViciException(String what, int at) {
        super(what + " at octet " + at);
    }

    public String what() {
        return String.valueOf(getMessage());
    }
}
