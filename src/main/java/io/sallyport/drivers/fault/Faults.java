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

    /// What a person may say, see [#parse(String)].
    public static final String WORDS = "loss=N,duplicate=N,reorder=N,hold=N,seed=N";

    private static final int USUAL_HOLD = 3;

    public Faults {
        if (!isPercent(lossPercent) || !isPercent(doublePercent) || !isPercent(reorderPercent)) {
            throw new IllegalArgumentException(
                    "percent: " + lossPercent + ", " + doublePercent + ", " + reorderPercent);
        }
        if (holdMost < 1) {
            throw new IllegalArgumentException("hold " + holdMost);
        }
    }

    /// Reads `loss=10,duplicate=10,reorder=10,hold=3,seed=7`: percents, packets, a number; what is
    /// not said is 0, but hold 3. Empty: [#NONE].
    ///
    /// @throws IllegalArgumentException that says what is wrong
    public static Faults parse(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        long seed = 0;
        int loss = 0;
        int twice = 0;
        int reorder = 0;
        int hold = USUAL_HOLD;
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String word = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            String number = equals < 0 ? "" : part.substring(equals + 1).strip();
            switch (word) {
                case "loss" -> loss = (int) number(part, number, 0, 100);
                case "duplicate" -> twice = (int) number(part, number, 0, 100);
                case "reorder" -> reorder = (int) number(part, number, 0, 100);
                case "hold" -> hold = (int) number(part, number, 1, 1000);
                case "seed" -> seed = number(part, number, Long.MIN_VALUE, Long.MAX_VALUE);
                default ->
                        throw new IllegalArgumentException(
                                "'" + part.strip() + "' is not one of " + WORDS);
            }
        }
        return new Faults(seed, loss, twice, reorder, hold);
    }

    private static long number(String part, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException(
                "'" + part.strip() + "' wants a number from " + least + " to " + most);
    }

    /// Whether the line is as it is.
    public boolean isNone() {
        return lossPercent == 0 && doublePercent == 0 && reorderPercent == 0;
    }

    /// As bad, by other chances.
    public Faults withSeed(long other) {
        return new Faults(other, lossPercent, doublePercent, reorderPercent, holdMost);
    }

    private static boolean isPercent(int number) {
        return number >= 0 && number <= 100;
    }

    /// As [#parse(String)] takes it.
    @Override
    public String toString() {
        return "loss="
                + lossPercent
                + ",duplicate="
                + doublePercent
                + ",reorder="
                + reorderPercent
                + ",hold="
                + holdMost
                + ",seed="
                + seed;
    }
}
