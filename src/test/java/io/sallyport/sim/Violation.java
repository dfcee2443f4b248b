package io.sallyport.sim;

/// A rule that a simulated world broke.
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }
}
