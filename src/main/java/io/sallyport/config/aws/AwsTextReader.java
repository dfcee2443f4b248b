package io.sallyport.config.aws;

import io.sallyport.config.ipsecconf.IpsecConfReader;
import io.sallyport.config.ipsecconf.LoweredConn;
import io.sallyport.config.ipsecconf.SecretsReader;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.ike.HandshakeSpec.Unique;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file that AWS hands out for strongSwan, as it is (S3-03): prose with conn sections, secrets
/// and commands in it. The sections go through the ipsec.conf reader with their own line numbers;
/// the commands become the link of their connection.
public final class AwsTextReader {
    private static final Pattern CONN = Pattern.compile("conn[ \t]+\\S+.*");
    private static final Pattern ID_LINE =
            Pattern.compile("[^#=\\s][^=]*:\\s*vpn-[0-9a-f]{8}([0-9a-f]{9})?\\s*");

    private static final Pattern ANY_ID_LINE =
            Pattern.compile("[^#=\\s][^=]*:\\s*(vpn|vgw|cgw|tgw)-\\S*\\s*");

    private final SourceText text;
    private final Choices choices;
    private final Findings findings;

    private AwsTextReader(SourceText text, Choices choices, Findings findings) {
        this.text = text;
        this.choices = choices;
        this.findings = findings;
    }

    /// Whether `text` is such a file: conn sections between prose, with at least two of its marks.
    public static boolean recognises(SourceText text) {
        boolean conn = false;
        boolean id = false;
        boolean vti = false;
        boolean secret = false;
        for (String line : text.lines()) {
            conn |= CONN.matcher(line).matches();
            id |= ID_LINE.matcher(line).matches();
            vti |= !line.contains("${") && Slot.VTI.matcher(line).find();
            secret |= SecretsReader.looksLikeSecret(line);
        }
        return conn && (id ? 1 : 0) + (vti ? 1 : 0) + (secret ? 1 : 0) >= 2;
    }

    public static AwsReading read(SourceText text, Choices choices, Findings findings) {
        return new AwsTextReader(text, choices, findings).read();
    }

    private AwsReading read() {
        identifiers();
        BitSet sections = sections();
        // S3-22: the text asks for uniqueids=no in words
        List<LoweredConn> conns =
                IpsecConfReader.read(text.only(sections::get), choices, Unique.NO, findings)
                        .conns();
        List<SharedSecret> secrets =
                SecretsReader.read(
                                text.only(n ->
                                        !sections.get(n)
                                                && SecretsReader.looksLikeSecret(text.line(n))),
                                findings)
                        .secrets();
        List<Slot> slots = Slot.find(text);
        boolean all = conns.size() == heads();
        if (all && conns.size() != 2) {
            findings.warning(
                    Position.whole(text.name()),
                    "AWS makes two tunnels a connection, here is "
                            + conns.size()
                            + ": without the other one there is no failover");
        }
        TunnelLint lint = new TunnelLint(conns, slots, all, findings);
        lint.run();
        List<ConnectionSpec> connections = new ArrayList<>();
        for (LoweredConn conn : conns) {
            Optional<LinkSpec> link = new TunnelSlots(conn, slots, choices, findings).link();
            if (link.isPresent() && !lint.isFaulty(conn)) {
                connections.add(local(conn.over(link.get()), slots));
            } else {
                findings.note(conn.at(), "conn " + conn.name() + " is left out: see its errors");
            }
        }
        return new AwsReading(connections, secrets);
    }

    /// The lines of conn sections: from each head to the first line that is neither indented nor
    /// empty nor a comment.
    private BitSet sections() {
        BitSet lines = new BitSet();
        boolean inside = false;
        for (int n = 1; n <= text.lines().size(); n++) {
            String line = text.line(n);
            boolean outdented = !line.isBlank() && " \t#".indexOf(line.charAt(0)) < 0;
            if (CONN.matcher(line).matches()) {
                inside = true;
            } else if (outdented) {
                inside = false;
            }
            lines.set(n, inside);
        }
        return lines;
    }

    private int heads() {
        TreeSet<String> names = new TreeSet<>();
        for (String line : text.lines()) {
            if (CONN.matcher(line).matches()) {
                names.add(line.split("[ \t]+")[1]);
            }
        }
        return names.size();
    }

    /// S3-01.
    private void identifiers() {
        for (int n = 1; n <= text.lines().size(); n++) {
            String line = text.line(n);
            Matcher m = AwsIds.ANY.matcher(line);
            if (ANY_ID_LINE.matcher(line).matches() && m.find() && !AwsIds.isGood(m.group(2))) {
                findings.warning(
                        text.at(n, m.start() + 1),
                        "an AWS identifier has 8 or 17 hexadecimal digits behind '"
                                + m.group(1)
                                + "-'");
            }
        }
    }

    /// S3-30: an address that somebody has already put for `<LOCAL IP>`.
    private ConnectionSpec local(LoweredConn conn, List<Slot> slots) {
        ConnectionSpec spec = conn.spec();
        if (spec.local().address() instanceof AddressSpec.DefaultRoute
                && conn.link() instanceof LinkSpec.Tunnel tunnel) {
            for (Slot slot : slots) {
                if (slot instanceof Slot.Vti vti
                        && vti.name().text().equals(tunnel.name())
                        && !vti.local().isOpen()) {
                    return TunnelSlots.at(vti.local(), spec, findings);
                }
            }
        }
        return spec;
    }
}
