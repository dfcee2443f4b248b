package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage;
import io.sallyport.daemon.text.LogLine;

/// Lines of our log as charon's log events. charon's groups are its subsystems; ours tells whether
/// a line is about a connection (`IKE`) or the daemon (`DMN`).
final class LogText {
    private LogText() {}

    /// For `log`.
    static ViciMessage event(LogLine line) {
        return head(line).put("thread", 0).done(line);
    }

    /// For `control-log`.
    static ViciMessage control(LogLine line) {
        return head(line).done(line);
    }

    private static Head head(LogLine line) {
        return new Head(
                ViciMessage.with()
                        .put("group", line.connection().isEmpty() ? "DMN" : "IKE")
                        .put("level", level(line)));
    }

    /// 0 is what is always told, 1 what is told unless asked otherwise.
    static int level(LogLine line) {
        return line.level() == LogLine.Level.INFO ? 1 : 0;
    }

    /// What is there before the message.
    private record Head(ViciMessage.Builder to) {
        Head put(String name, long value) {
            to.put(name, value);
            return this;
        }

        ViciMessage done(LogLine line) {
            if (!line.connection().isEmpty()) {
                to.put("ikesa-name", line.connection());
            }
            return to.put("msg", line.text()).done();
        }
    }
}
