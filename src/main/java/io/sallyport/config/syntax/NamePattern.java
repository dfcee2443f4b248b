package io.sallyport.config.syntax;

/// A pattern for one name in a folder, as glob(7) has it: `*`, `?`, `[a-z]`, `[!a-z]`, and a
/// backslash before a character that means itself. Not by a regular expression: with many stars its
/// time doubles with each character of a name, here it is at most the product of both lengths.
record NamePattern(String text) {

    /// Whether a text has anything but itself to match.
    static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    boolean matches(String name) {
        int at = 0;
        int n = 0;
        // behind the last star, and the character of the name it was tried at
        int retry = -1;
        int tried = 0;
        while (n < name.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                retry = ++at;
                tried = n;
                continue;
            }
            int next = at < text.length() ? one(at, name.charAt(n)) : -1;
            if (next >= 0) {
                at = next;
                n++;
            } else if (retry >= 0) {
                // only the last star may have to take more: what an earlier one could take in its
                // place, the last one can, too
                at = retry;
                n = ++tried;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }

    /// The place behind the element at `at` if it matches the character, or -1.
    private int one(int at, char c) {
        return switch (text.charAt(at)) {
            case '?' -> at + 1;
            case '[' -> set(at, c);
            case '\\' -> at + 1 == text.length() || text.charAt(at + 1) != c ? -1 : at + 2;
            default -> text.charAt(at) == c ? at + 1 : -1;
        };
    }

    private int set(int open, char c) {
        int at = open + 1;
        boolean not = at < text.length() && (text.charAt(at) == '!' || text.charAt(at) == '^');
        if (not) {
            at++;
        }
        // "']' can be included by making it the first character" (glob(7))
        int close = text.indexOf(']', at + 1);
        if (close < 0) {
            return c == '[' ? open + 1 : -1;
        }
        boolean found = false;
        while (at < close) {
            boolean range = at + 2 < close && text.charAt(at + 1) == '-';
            found |= text.charAt(at) <= c && c <= text.charAt(range ? at + 2 : at);
            at += range ? 3 : 1;
        }
        return found == not ? -1 : close + 1;
    }
}
