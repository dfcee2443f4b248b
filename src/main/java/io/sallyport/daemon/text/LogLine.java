package io.sallyport.daemon.text;

/// A line for people, before it has a time.
///
/// @param connection empty where it is about none
public record LogLine(Level level, String connection, String text) {
    /// How much it matters.
    public enum Level {
        INFO,
        WARN,
        ERROR
    }

    /// Control characters never reach a terminal: a peer may have chosen some of the text.
    public LogLine {
        text = text.replaceAll("\\p{Cntrl}", "?");
    }

    public static LogLine info(String text) {
        return new LogLine(Level.INFO, "", text);
    }

    public static LogLine warn(String text) {
        return new LogLine(Level.WARN, "", text);
    }

    public static LogLine error(String text) {
        return new LogLine(Level.ERROR, "", text);
    }

    /// `connection: text`, or the text alone where it names the connection itself.
    @Override
    public String toString() {
        return connection.isEmpty() || text.startsWith(connection + " ")
                ? text
                : connection + ": " + text;
    }
}
