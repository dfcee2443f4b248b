package io.sallyport.base.name;

import io.sallyport.base.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Distinguished names between text, `C=CH, O=strongSwan, CN=moon`, and DER (X.501; RFC 5280,
/// 4.1.2.4).
///
/// ```text
/// Name ::= SEQUENCE OF RelativeDistinguishedName ::= SET OF SEQUENCE { type OID, value string }
/// ```
public final class DistinguishedName {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OID = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int PRINTABLE_STRING = 0x13;
    private static final int T61_STRING = 0x14;
    private static final int IA5_STRING = 0x16;
    private static final int BMP_STRING = 0x1e;
    private static final int MOST_PARTS = 64;

    /// Words and their types, hexadecimal; the first word of a type is the one that is written.
    private static final List<Map.Entry<String, String>> TYPES =
            List.of(
                    Map.entry("CN", "550403"),
                    Map.entry("S", "550404"),
                    Map.entry("SN", "550405"),
                    Map.entry("serialNumber", "550405"),
                    Map.entry("C", "550406"),
                    Map.entry("L", "550407"),
                    Map.entry("ST", "550408"),
                    Map.entry("STREET", "550409"),
                    Map.entry("O", "55040a"),
                    Map.entry("OU", "55040b"),
                    Map.entry("T", "55040c"),
                    Map.entry("D", "55040d"),
                    Map.entry("N", "550429"),
                    Map.entry("G", "55042a"),
                    Map.entry("I", "55042b"),
                    Map.entry("dnQualifier", "55042e"),
                    Map.entry("E", "2a864886f70d010901"),
                    Map.entry("Email", "2a864886f70d010901"),
                    Map.entry("emailAddress", "2a864886f70d010901"),
                    Map.entry("unstructuredName", "2a864886f70d010902"),
                    Map.entry("UID", "0992268993f22c640101"),
                    Map.entry("DC", "0992268993f22c640119"));

    private DistinguishedName() {}

    /// Parts between commas or slashes. Empty if it is no such text.
    public static Optional<Octets> encode(String text) {
        String body = text.strip();
        boolean slashes = body.startsWith("/");
        List<Octets> parts = new ArrayList<>();
        for (String part : (slashes ? body.substring(1) : body).split(slashes ? "/" : ",", -1)) {
            int equals = part.indexOf('=');
            Optional<String> type =
                    equals < 0 ? Optional.empty() : type(part.substring(0, equals).strip());
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (type.isEmpty() || value.isEmpty() || parts.size() == MOST_PARTS) {
                return Optional.empty();
            }
            Octets pair =
                    Octets.concat(
                            tlv(OID, Octets.hex(type.get())),
                            tlv(tag(type.get(), value), Octets.utf8(value)));
            parts.add(tlv(SET, tlv(SEQUENCE, pair)));
        }
        return Optional.of(tlv(SEQUENCE, Octets.concat(parts.toArray(Octets[]::new))));
    }

    private static Optional<String> type(String word) {
        return TYPES.stream()
                .filter(e -> e.getKey().equalsIgnoreCase(word))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// RFC 5280, appendix A.1: country and serial number are PrintableString, e-mail addresses and
    /// domain components IA5String; the rest may choose.
    private static int tag(String type, String value) {
        if (type.startsWith("2a864886f70d0109") || type.endsWith("640119")) {
            return IA5_STRING;
        }
        return value.matches("[A-Za-z0-9 '()+,./:=?-]*") ? PRINTABLE_STRING : UTF8_STRING;
    }

    private static Octets tlv(int tag, Octets value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = value.length();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(value.toArray());
        return Octets.owned(out.toByteArray());
    }

    /// One type and its value.
    private record Part(String type, int tag, Octets value, String text, boolean first) {
        private static final List<Integer> STRINGS =
                List.of(UTF8_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING, BMP_STRING);

        /// RFC 5280, 7.1: strings compare without regard to case and to blanks in a row, whatever
        /// their type; all else octet for octet.
        boolean is(Part given) {
            if (!type.equals(given.type) || first != given.first) {
                return false;
            }
            boolean strings = STRINGS.contains(tag) && STRINGS.contains(given.tag);
            return text.equals("*")
                    || value.equals(given.value)
                    || strings && normal(text).equals(normal(given.text));
        }

        private static String normal(String text) {
            return text.strip().replaceAll(" +", " ").toLowerCase(Locale.ROOT);
        }

        /// For a person: nothing that would steer a terminal.
        String shown() {
            return text.replaceAll("\\p{Cntrl}", "?");
        }
    }

    /// The text that a person would write. Empty if it is no DER of a name.
    public static Optional<String> text(Octets der) {
        return parts(der)
                .filter(parts -> !parts.isEmpty())
                .map(parts ->
                        String.join(
                                ", ",
                                parts.stream().map(p -> word(p.type) + "=" + p.shown()).toList()));
    }

    /// Whether `given` is the name that is `wanted`: the same parts in the same order. A value `*`
    /// stands for every one.
    public static boolean matches(Octets wanted, Octets given) {
        if (wanted.equals(given)) {
            return true;
        }
        Optional<List<Part>> ours = parts(wanted);
        Optional<List<Part>> theirs = parts(given);
        if (ours.isEmpty() || theirs.isEmpty() || ours.get().size() != theirs.get().size()) {
            return false;
        }
        for (int i = 0; i < ours.get().size(); i++) {
            if (!ours.get().get(i).is(theirs.get().get(i))) {
                return false;
            }
        }
        return !ours.get().isEmpty();
    }

    /// Whether a value stands for every one.
    public static boolean hasWildcard(Octets der) {
        return parts(der).map(ps -> ps.stream().anyMatch(p -> p.text.equals("*"))).orElse(false);
    }

    /// Empty if it is no DER of a name.
    private static Optional<List<Part>> parts(Octets der) {
        Optional<Element> name = Element.at(der, 0);
        if (name.isEmpty() || name.get().tag != SEQUENCE || name.get().end != der.length()) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        int at = name.get().start;
        while (at < name.get().end) {
            Optional<Element> set = Element.at(der, at, name.get().end);
            if (set.isEmpty() || set.get().tag != SET || !addParts(set.get(), parts)) {
                return Optional.empty();
            }
            at = set.get().end;
        }
        return Optional.of(parts);
    }

    private static boolean addParts(Element set, List<Part> parts) {
        int at = set.start;
        while (at < set.end) {
            Optional<Element> pair = Element.at(set.all, at, set.end);
            Optional<Element> type = pair.flatMap(Element::first);
            Optional<Element> value = type.flatMap(t -> pair.get().next(t));
            if (value.isEmpty()
                    || pair.get().tag != SEQUENCE
                    || type.get().tag != OID
                    || value.get().end != pair.get().end
                    || parts.size() == MOST_PARTS) {
                return false;
            }
            parts.add(
                    new Part(
                            type.get().value().hex(),
                            value.get().tag,
                            value.get().value(),
                            value.get().text(),
                            at == set.start));
            at = pair.get().end;
        }
        return set.start < set.end;
    }

    private static String word(String type) {
        return TYPES.stream()
                .filter(e -> e.getValue().equals(type.toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("#" + type);
    }

    /// One tag, length and value, which lies within its octets.
    private record Element(Octets all, int tag, int start, int end) {
        static Optional<Element> at(Octets all, int at) {
            return at(all, at, all.length());
        }

        static Optional<Element> at(Octets all, int at, int limit) {
            if (at + 2 > limit) {
                return Optional.empty();
            }
            int length = all.at(at + 1) & 0xff;
            int start = at + 2;
            if (length >= 0x80) {
                int octets = length & 0x7f;
                if (octets == 0 || octets > 2 || start + octets > limit) {
                    return Optional.empty();
                }
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = length << 8 | all.at(start + i) & 0xff;
                }
                start += octets;
            }
            return start + length > limit
                    ? Optional.empty()
                    : Optional.of(new Element(all, all.at(at) & 0xff, start, start + length));
        }

        Optional<Element> first() {
            return at(all, start, end);
        }

        /// What follows `inner` in this one.
        Optional<Element> next(Element inner) {
            return at(all, inner.end, end);
        }

        Octets value() {
            return all.slice(start, end);
        }

        String text() {
            byte[] octets = value().toArray();
            return switch (tag) {
                case BMP_STRING -> new String(octets, StandardCharsets.UTF_16BE);
                case T61_STRING, IA5_STRING, PRINTABLE_STRING ->
                        new String(octets, StandardCharsets.ISO_8859_1);
                default -> new String(octets, StandardCharsets.UTF_8);
            };
        }
    }
}
