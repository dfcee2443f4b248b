package io.sallyport.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the kernel lets this process do (capabilities(7)).
final class Capabilities {
    private static final String LABEL = "CapEff:";

    /// Those a gateway needs, by their bit.
    enum Needed {
        CAP_NET_BIND_SERVICE(10),
        CAP_NET_ADMIN(12),
        CAP_NET_RAW(13);

        private final int bit;

        Needed(int bit) {
            this.bit = bit;
        }
    }

    private Capabilities() {}

    /// Those that are missing; all of them if the system does not tell.
    static List<Needed> missing() {
        try {
            return missing(Files.readString(Path.of("/proc/self/status")));
        } catch (IOException e) {
            return List.of(Needed.values());
        }
    }

    static List<Needed> missing(String status) {
        long effective = 0;
        for (String line : status.split("\n")) {
            if (line.startsWith(LABEL)) {
                effective = Long.parseUnsignedLong(line.substring(LABEL.length()).strip(), 16);
            }
        }
        List<Needed> missing = new ArrayList<>();
        for (Needed needed : Needed.values()) {
            if ((effective >>> needed.bit & 1) == 0) {
                missing.add(needed);
            }
        }
        return missing;
    }
}
