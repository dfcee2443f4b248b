package io.sallyport.drivers.fault;

/// How bad a line is; the same numbers give the same line.
///
/// @param seed of all chances
/// @param lossPercent of packets that vanish
/// @param doublePercent of packets that come twice
/// @param reorderPercent of packets that are held back
/// @param holdMost packets that overtake one that is held back, 1 to this many
public record Faults(
        long seed, int lossPercent, int doublePercent, int reorderPercent, int holdMost) {
    public static final Faults NONE = new Faults(0, 0, 0, 0, 1);

    public Faults {
        if (!isPercent(lossPercent) || !isPercent(doublePercent) || !isPercent(reorderPercent)) {
            throw new IllegalArgumentException(
                    "percent: " + lossPercent + ", " + doublePercent + ", " + reorderPercent);
        }
        if (holdMost < 1) {
            throw new IllegalArgumentException("hold " + holdMost);
        }
    }

    private static boolean isPercent(int number) {
        return number >= 0 && number <= 100;
    }
}
