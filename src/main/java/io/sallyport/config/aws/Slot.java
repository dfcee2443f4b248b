package io.sallyport.config.aws;

import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A command or setting that AWS's strongSwan text asks a person to type, found in its prose.
sealed interface Slot {
    /// The words of a slot with their places; `<LOCAL IP>` and its like count as one word.
    record Word(String text, Position at) {
        boolean isOpen() {
            return text.startsWith("<");
        }
    }

    /// S3-29: `ip link add NAME type vti local L remote R key K`.
    ///
    /// @param stanza whether it stands in the /etc/network/interfaces part (S3-38)
    record Vti(Word name, Word local, Word remote, Word key, boolean stanza) implements Slot {}

    /// S3-31: `ip addr add LOCAL remote REMOTE dev NAME`.
    record Inside(Word local, Word remote, Word name, boolean stanza) implements Slot {}

    /// S3-32: `ip link set NAME up mtu N`.
    record Mtu(Word name, Word mtu, boolean stanza) implements Slot {}

    /// S3-33: `ip route add CIDR dev NAME metric M`.
    record Route(Word destination, Word name, Word metric) implements Slot {}

    /// S3-35: the MSS clamp on what leaves through NAME.
    record Clamp(Word name) implements Slot {}

    /// S3-36: `--set-xmark MARK` on ESP from PEER.
    record XMark(Word peer, Word mark) implements Slot {}

    /// S3-28, S3-37: a sysctl; `name` is empty for `ip_forward`.
    record Sysctl(Word name, Word key, Word value) implements Slot {}

    /// S3-38: `auto NAME`, `iface NAME inet manual`.
    record Stanza(Word name) implements Slot {}

    /// S3-23: `#leftupdown="…"`, not yet enabled.
    record CommentedUpdown(Word command) implements Slot {}

    Pattern VTI = slot("ip link add (\\S+) type vti local (<[^>]*>|\\S+) remote (\\S+) key (\\S+)");
    Pattern INSIDE = slot("ip addr add (\\S+) remote (\\S+) dev (\\S+)");
    Pattern MTU = slot("ip link set (\\S+) up mtu (\\S+)");
    Pattern ROUTE = slot("ip route add (<[^>]*>|\\S+) dev (\\S+)(?: metric (\\S+))?");
    Pattern CLAMP = slot("iptables -t mangle -A FORWARD -o (\\S+) .*-j TCPMSS");
    Pattern XMARK = slot("-p esp -s (\\S+) -d \\S+ -j MARK --set-xmark (\\S+)");
    Pattern SYSCTL =
            Pattern.compile(
                    "^\\s*net\\.ipv4\\.(?:conf\\.(<[^>]*>|[^.\\s=]+)\\.)?"
                            + "(ip_forward|rp_filter|disable_policy|disable_xfrm)\\s*=\\s*(\\S+)");
    Pattern STANZA = Pattern.compile("^(?:auto (\\S+)|iface (\\S+) inet manual)\\s*$");
    Pattern UPDOWN = Pattern.compile("^\\s*#+\\s*leftupdown\\s*=\\s*\"([^\"]*)\"");

    private static Pattern slot(String text) {
        return Pattern.compile("(?<!\\S)" + text.replace(" ", "\\s+"));
    }

    /// Every slot, in the order of the text. Lines of the text's own shell scripts hold variables
    /// and are no slots.
    static List<Slot> find(SourceText text) {
        List<Slot> all = new ArrayList<>();
        for (int n = 1; n <= text.lines().size(); n++) {
            String line = text.line(n);
            if (!line.contains("${")) {
                find(text, n, line, all);
            }
        }
        return all;
    }

    private static void find(SourceText text, int n, String line, List<Slot> all) {
        boolean stanza = line.strip().matches("(pre-)?up\\s.*");
        Matcher m = VTI.matcher(line);
        if (m.find()) {
            all.add(
                    new Vti(
                            word(text, n, m, 1),
                            word(text, n, m, 2),
                            word(text, n, m, 3),
                            word(text, n, m, 4),
                            stanza));
        } else if ((m = INSIDE.matcher(line)).find()) {
            all.add(
                    new Inside(
                            word(text, n, m, 1), word(text, n, m, 2), word(text, n, m, 3), stanza));
        } else if ((m = MTU.matcher(line)).find()) {
            all.add(new Mtu(word(text, n, m, 1), word(text, n, m, 2), stanza));
        } else if ((m = ROUTE.matcher(line)).find()) {
            all.add(new Route(word(text, n, m, 1), word(text, n, m, 2), word(text, n, m, 3)));
        } else if ((m = CLAMP.matcher(line)).find()) {
            all.add(new Clamp(word(text, n, m, 1)));
        } else if ((m = XMARK.matcher(line)).find()) {
            all.add(new XMark(word(text, n, m, 1), word(text, n, m, 2)));
        } else if ((m = SYSCTL.matcher(line)).find()) {
            all.add(new Sysctl(word(text, n, m, 1), word(text, n, m, 2), word(text, n, m, 3)));
        } else if ((m = STANZA.matcher(line)).find()) {
            all.add(new Stanza(word(text, n, m, m.group(1) != null ? 1 : 2)));
        } else if ((m = UPDOWN.matcher(line)).find()) {
            all.add(new CommentedUpdown(word(text, n, m, 1)));
        }
    }

    /// A group of a match, or an empty word at the start of the line where it took no part.
    private static Word word(SourceText text, int line, Matcher m, int group) {
        String said = m.group(group);
        return said == null
                ? new Word("", text.at(line, 1))
                : new Word(said, text.at(line, m.start(group) + 1));
    }
}
