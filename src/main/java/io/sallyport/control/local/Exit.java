package io.sallyport.control.local;

/// Exit codes, after the sysexits of BSD where they fit.
public enum Exit {
    OK(0, "done"),
    NO(1, "the answer is no: a check failed, a tunnel is not up, the daemon refused"),
    CONFIG(2, "a configuration has errors"),
    USAGE(64, "wrong command line"),
    NO_INPUT(66, "a file cannot be read"),
    UNAVAILABLE(69, "no daemon answers, or something the host must offer is missing or taken"),
    BUG(70, "a bug in sallyport"),
    CANNOT_CREATE(73, "a file or socket cannot be made"),
    LATER(75, "not up in the time given; it goes on trying"),
    PROTOCOL(76, "the daemon answered what this program does not understand"),
    NOT_PERMITTED(77, "not allowed: sallyport needs root");

    private final int code;
    private final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /// The exit of another process of this program; a code that is none of ours counts as a bug.
    public static Exit of(int code) {
        for (Exit exit : values()) {
            if (exit.code == code) {
                return exit;
            }
        }
        return BUG;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
