package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;

/// A known answer was not given.
final class WrongAnswer extends Exception {
    private static final long serialVersionUID = 1;

    private final String why;

    WrongAnswer(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    String why() {
        return why;
    }

    static void unless(boolean right, String why) throws WrongAnswer {
        if (!right) {
            throw new WrongAnswer(why);
        }
    }

    static void unlessEqual(Octets expected, Octets actual, String source) throws WrongAnswer {
        unless(expected.equals(actual), "wrong answer to " + source);
    }
}
