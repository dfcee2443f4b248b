package io.sallyport.drivers.route;

/// A routing rule: packets (not) with a mark look into a table.
///
/// @param priority the lower is asked first
/// @param mark 0: all packets
/// @param inverted only packets *without* the mark
/// @param protocol who made it; [Route#OURS] for rules of ours
public record Rule(boolean v6, int priority, int mark, boolean inverted, int table, int protocol) {
    /// All packets look into `table`.
    public static Rule all(boolean v6, int priority, int table) {
        return new Rule(v6, priority, 0, false, table, Route.OURS);
    }

    /// Packets marked `mark` look into `table`.
    public static Rule marked(boolean v6, int priority, int mark, int table) {
        return new Rule(v6, priority, mark, false, table, Route.OURS);
    }

    /// Packets not marked `mark` look into `table`: so what we send ourselves does not run in a
    /// circle.
    public static Rule notMarked(boolean v6, int priority, int mark, int table) {
        return new Rule(v6, priority, mark, true, table, Route.OURS);
    }

    @Override
    public String toString() {
        return priority
                + ":"
                + (inverted ? " not" : "")
                + (mark == 0 ? " from all" : " fwmark 0x" + Integer.toHexString(mark))
                + " lookup "
                + table
                + (v6 ? " (IPv6)" : "");
    }
}
