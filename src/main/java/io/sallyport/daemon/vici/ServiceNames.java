package io.sallyport.daemon.vici;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Names of protocols and ports from the files of the host: charon asks the C library, which reads
/// the same (protocols(5), services(5)).
final class ServiceNames {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Map<Integer, String> protocols;
    private final Map<String, String> ports;

    private ServiceNames(Map<Integer, String> protocols, Map<String, String> ports) {
        this.protocols = Map.copyOf(protocols);
        this.ports = Map.copyOf(ports);
    }

    /// The host's; where a file is missing, numbers are shown.
    static ServiceNames ofHost() {
        return of(lines(Path.of("/etc/protocols")), lines(Path.of("/etc/services")));
    }

    static ServiceNames of(List<String> protocolLines, List<String> serviceLines) {
        Map<Integer, String> protocols = new HashMap<>();
        for (String line : protocolLines) {
            String[] words = words(line);
            if (words.length >= 2 && words[1].matches("[0-9]{1,3}")) {
                protocols.putIfAbsent(Integer.parseInt(words[1]), words[0]);
            }
        }
        Map<String, String> ports = new HashMap<>();
        for (String line : serviceLines) {
            String[] words = words(line);
            if (words.length >= 2 && words[1].matches("[0-9]{1,5}/[a-z]+")) {
                ports.putIfAbsent(words[1], words[0]);
            }
        }
        return new ServiceNames(protocols, ports);
    }

    private static String[] words(String line) {
        return line.replaceFirst("#.*", "").strip().split("\\s+");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return List.of();
        }
    }

    String protocol(int number) {
        return protocols.getOrDefault(number, Integer.toString(number));
    }

    /// charon asks for the names of TCP and UDP ports only.
    String port(int protocol, int port) {
        String number = Integer.toString(port);
        return protocol == TCP || protocol == UDP
                ? ports.getOrDefault(number + "/" + (protocol == TCP ? "tcp" : "udp"), number)
                : number;
    }
}
