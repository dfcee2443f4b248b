package io.sallyport.cli.console;

/// Text from elsewhere made safe for a terminal: a peer's words may reach a log line or a failure.
public final class Printable {
    private Printable() {}

    /// `text` with every control character (escape among them) replaced.
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return text.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?");
            }
        }
        return text;
    }
}
