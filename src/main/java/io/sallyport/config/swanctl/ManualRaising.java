package io.sallyport.config.swanctl;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.child.ManualKeys;
import io.sallyport.model.spec.child.PacketSpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A connection with manual keys to its section: what [ManualLowering] reads back as the same.
public final class ManualRaising {
    private ManualRaising() {}

    /// Whether it belongs below `manual`.
    public static boolean isManual(ConnectionSpec c) {
        return c.children().stream().anyMatch(child -> child.options().manual().isPresent());
    }

    public static Tree manual(ConnectionSpec c) {
        ChildSpec child = c.children().getFirst();
        ManualKeys keys = child.options().manual().orElseThrow();
        EspSuite suite = keys.suite();
        Sheaf sheaf = new Sheaf(SwanctlRaising.name(c.name()), Place.MANUAL, c.origin());
        sheaf.put("local_addr", c.local().address().toString());
        sheaf.put("remote_addr", c.remote().address().toString());
        sheaf.put("mode", SwanctlRaising.word(child.mode()));
        EspProposal proposal = child.proposals().getFirst();
        if (suite.isAh()) {
            sheaf.put("ah", suite.integrity().toString());
        } else {
            sheaf.put(
                    "esp",
                    proposal.ciphers().getFirst()
                            + (proposal.integrity().isEmpty() ? "" : "-" + suite.integrity()));
        }
        if (suite.isBundle()) {
            sheaf.put("ah", suite.outer().toString());
        }
        sheaf.put("esn", suite.esn());
        sheaf.put("encap", keys.udp());
        sheaf.put("local_ts", SwanctlRaising.selectors(child.selectors().local()));
        sheaf.put("remote_ts", SwanctlRaising.selectors(child.selectors().remote()));
        PacketSpec packets = child.options().packets();
        sheaf.put("replay_window", packets.replayWindow());
        if (ManualLowering.countsNonces(suite)) {
            sheaf.put("nonce_reuse", "accepted");
        }
        sheaf.put("priority", child.options().policy().priority());
        SwanctlRaising.packets(sheaf, packets);
        sheaf.section(half("in", suite, keys.in(), keys.ah().map(ManualKeys.Ah::in).orElse(null)));
        sheaf.section(
                half("out", suite, keys.out(), keys.ah().map(ManualKeys.Ah::out).orElse(null)));
        return sheaf.tree();
    }

    private static Tree half(
            String way, EspSuite suite, ManualKeys.Half first, ManualKeys.@Nullable Half round) {
        Sheaf sheaf = new Sheaf(way, Place.MANUAL_HALF, Origin.NONE);
        if (suite.isAh()) {
            ah(sheaf, first);
        } else {
            sheaf.put("esp_spi", spi(first));
            sheaf.put("esp_encryption_key", hex(first.encryptionKey()));
            sheaf.put("esp_integrity_key", hex(first.integrityKey()));
        }
        if (round != null) {
            ah(sheaf, round);
        }
        sheaf.put("sequence", Long.toString(first.sequence()));
        return sheaf.tree();
    }

    private static void ah(Sheaf sheaf, ManualKeys.Half half) {
        sheaf.put("ah_spi", spi(half));
        sheaf.put("ah_integrity_key", hex(half.integrityKey()));
    }

    private static String spi(ManualKeys.Half half) {
        return "0x" + Integer.toHexString(half.spi());
    }

    private static String hex(Secret key) {
        if (key.length() == 0) {
            return "";
        }
        byte[] octets = key.expose();
        try {
            return "0x" + HexFormat.of().formatHex(octets);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }
}
