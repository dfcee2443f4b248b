package io.sallyport.drivers.route;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Settings under /proc/sys/net of the namespace of the *calling thread*.
public final class Sysctl {
    public static final String IP_FORWARD = "ipv4/ip_forward";
    public static final String IPV6_FORWARD = "ipv6/conf/all/forwarding";

    private static final Path ROOT = Path.of("/proc/sys/net");

    private Sysctl() {}

    /// A setting of one interface, e.g. `ipv4("vti1", "rp_filter")`; `all` and `default` are
    /// interfaces too.
    public static String ipv4(String link, String setting) {
        return "ipv4/conf/" + link + "/" + setting;
    }

    public static String ipv6(String link, String setting) {
        return "ipv6/conf/" + link + "/" + setting;
    }

    /// The value without its line end; empty if the kernel has no such setting.
    ///
    /// @param name below /proc/sys/net, with slashes: interface names may have dots
    public static Optional<String> read(String name) throws IOException {
        Path file = file(name);
        return Files.exists(file)
                ? Optional.of(Files.readString(file, StandardCharsets.US_ASCII).strip())
                : Optional.empty();
    }

    /// @throws IOException that names the file, e.g. on a read-only /proc/sys in a container
    public static void write(String name, String value) throws IOException {
        Path file = file(name);
        try {
            Files.writeString(file, value + "\n", StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IOException(
                    "write "
                            + value
                            + " to "
                            + file
                            + ": "
                            + reason(e)
                            + ". Needs root; in a container, a writable /proc/sys",
                    e);
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " (" + message + ")");
    }

    private static Path file(String name) {
        Path file = ROOT.resolve(name).normalize();
        if (!file.startsWith(ROOT) || file.equals(ROOT)) {
            throw new IllegalArgumentException("no setting below " + ROOT + ": " + name);
        }
        return file;
    }
}
