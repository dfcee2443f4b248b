package io.sallyport.daemon;

import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.ipsecmb.IpsecMbEngine;
import io.sallyport.crypto.jce.JceEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The crypto engines of this machine, the fastest first; JCE is always there.
final class PacketEngines {
    /// `jce`: no other engine, e.g. to compare.
    static final String PROPERTY = "sallyport.engines";

    private PacketEngines() {}

    static List<CryptoEngine> found() {
        List<CryptoEngine> engines = new ArrayList<>();
        if (!jceOnly()) {
            IpsecMbEngine.find().ifPresent(engines::add);
        }
        engines.add(new JceEngine(lacksSha()));
        return engines;
    }

    static boolean jceOnly() {
        return "jce".equals(System.getProperty(PROPERTY));
    }

    /// The name of an engine without what it says about its version.
    static String name(String full) {
        int blank = full.indexOf(' ');
        return blank < 0 ? full : full.substring(0, blank);
    }

    /// Whether this is an x86-64 processor without instructions for SHA-1, by which HotSpot makes
    /// JCE's quick.
    private static boolean lacksSha() {
        if (!System.getProperty("os.arch", "").equals("amd64")) {
            return false;
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(flags -> !Arrays.asList(flags.split("\\s+")).contains("sha_ni"))
                    .orElse(false);
        } catch (IOException | UncheckedIOException _) {
            return false;
        }
    }
}
