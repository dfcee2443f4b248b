package io.sallyport.cli.console;

import java.util.Locale;

/// Numbers as people read them.
public final class Quantity {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Quantity() {}

    /// Two units at most: `0s`, `59s`, `3m 05s`, `2h 13m`, `4d 02h`.
    public static String duration(long seconds) {
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return pair(seconds / 60, "m", seconds % 60, "s");
        }
        if (seconds < 86400) {
            return pair(seconds / 3600, "h", seconds / 60 % 60, "m");
        }
        return pair(seconds / 86400, "d", seconds / 3600 % 24, "h");
    }

    private static String pair(long big, String bigUnit, long small, String smallUnit) {
        return big + bigUnit + (small < 10 ? " 0" : " ") + small + smallUnit;
    }

    /// Powers of 1000, three digits: `999 B`, `1.20 kB`, `12.0 MB`.
    public static String octets(long octets) {
        if (octets < 1000) {
            return octets + " B";
        }
        double value = octets;
        int unit = -1;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS[unit]);
    }

    /// `1,234,567`.
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// `1 packet`, `2 packets`.
    public static String of(long number, String thing) {
        return count(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /// `0.43 ms`, `12.3 ms`, `240 ms`.
    public static String millis(double millis) {
        int decimals = millis < 9.995 ? 2 : millis < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f ms", millis);
    }
}
