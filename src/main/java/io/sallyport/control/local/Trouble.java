package io.sallyport.control.local;

/// Something a person or their host must mend before we can go on. The command line prints it as
/// `sallyport: WHAT` and the next step below, and exits with its code.
public final class Trouble extends Exception {
    private static final long serialVersionUID = 1;

    private final Exit exit;
    private final String next;

    /// @param what is wrong, without a full stop, e.g. `UDP port 500 is in use`
    /// @param next step to take, one line; may be empty
    public Trouble(Exit exit, String what, String next) {
        super(what);
        this.exit = exit;
        this.next = next;
    }

    public Exit exit() {
        return exit;
    }

    public String what() {
        return String.valueOf(getMessage());
    }

    public String next() {
        return next;
    }
}
