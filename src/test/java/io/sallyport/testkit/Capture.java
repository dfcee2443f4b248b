package io.sallyport.testkit;

import io.sallyport.base.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A conversation of two peers that are not ours, with the keys they logged: a file of
/// `src/test/vectors/captures`, explained in its `SOURCE.md`.
public final class Capture {
    /// @param port 500 or 4500
    /// @param octets without the non-ESP marker
    public record Sent(int port, boolean byInitiator, Octets octets) {}

    private final Map<String, Octets> secrets = new HashMap<>();
    private final List<Sent> messages = new ArrayList<>();
    private final List<Sent> packets = new ArrayList<>();
    private final List<Map<String, List<String>>> readings = new ArrayList<>();

    private Capture() {}

    /// @param name without folder and ending, e.g. `charon-main`
    public static Capture read(String name) {
        Capture capture = new Capture();
        try {
            for (String line :
                    Files.readAllLines(Path.of("src/test/vectors/captures", name + ".txt"))) {
                if (!line.startsWith("#")) {
                    capture.add(line.split(" "));
                } else if (line.startsWith("# tshark ")) {
                    capture.addReading(line.split(" "));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return capture;
    }

    private void add(String[] words) {
        if (words.length == 2) {
            secrets.put(words[0], Octets.hex(words[1]));
            return;
        }
        boolean initiator = words[1].equals("initiator");
        Octets octets = Octets.hex(words[2]);
        switch (words[0]) {
            case "ike" -> messages.add(new Sent(500, initiator, octets));
            case "ike4500" -> messages.add(new Sent(4500, initiator, octets));
            default -> packets.add(new Sent(4500, initiator, octets));
        }
    }

    private void addReading(String[] words) {
        Map<String, List<String>> fields = new HashMap<>();
        for (int i = 3; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            fields.put(
                    words[i].substring(0, equals),
                    List.of(words[i].substring(equals + 1).split(",")));
        }
        readings.add(fields);
    }

    /// What tshark reads in each of [#messages], by its names of fields without `isakmp.`; only in
    /// captures of IKEv2.
    public List<Map<String, List<String>>> readings() {
        return List.copyOf(readings);
    }

    /// What the initiator logged under `name`, e.g. `SKEYID_d`.
    public Octets secret(String name) {
        Octets secret = secrets.get(name);
        if (secret == null) {
            throw new IllegalArgumentException("no " + name + " in this capture");
        }
        return secret;
    }

    /// All IKE messages in order.
    public List<Sent> messages() {
        return List.copyOf(messages);
    }

    /// The ESP packets in order.
    public List<Sent> packets() {
        return List.copyOf(packets);
    }
}
