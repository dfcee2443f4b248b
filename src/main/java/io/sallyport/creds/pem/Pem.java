package io.sallyport.creds.pem;

import io.sallyport.base.Octets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One block between `-----BEGIN` and `-----END` (RFC 7468).
///
/// @param label e.g. `CERTIFICATE`
/// @param headers those of RFC 1421, 4.6, as OpenSSL's encrypted keys have them, names in capitals
public record Pem(String label, Map<String, String> headers, Octets data) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int MOST_BLOCKS = 1000;
    private static final int LINE = 64;

    public Pem {
        headers = Map.copyOf(headers);
    }

    public Pem(String label, Octets data) {
        this(label, Map.of(), data);
    }

    /// Whether a block begins somewhere in it.
    static boolean isPem(Octets file) {
        return file.text().contains(BEGIN);
    }

    /// All blocks; the text between them is explanation (RFC 7468, 2).
    ///
    /// @throws BadCredential with the line of the block that is wrong
    public static List<Pem> parse(String text) throws BadCredential {
        List<Pem> blocks = new ArrayList<>();
        String[] lines = text.split("\r\n|\n|\r", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                int end = end(lines, i);
                if (blocks.size() == MOST_BLOCKS) {
                    throw new BadCredential("more than " + MOST_BLOCKS + " PEM blocks");
                }
                blocks.add(block(lines, i, end));
                i = end;
            }
        }
        return blocks;
    }

    private static String label(String line) {
        return line.length() < BEGIN.length() + DASHES.length()
                ? ""
                : line.substring(BEGIN.length(), line.length() - DASHES.length()).strip();
    }

    private static int end(String[] lines, int begin) throws BadCredential {
        String label = label(lines[begin].strip());
        for (int i = begin + 1; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.startsWith(BEGIN)) {
                break;
            }
            if (line.startsWith(END)) {
                if (!line.equals(END + label + DASHES)) {
                    throw new BadCredential(
                            "line "
                                    + (i + 1)
                                    + ": another END than the BEGIN of line "
                                    + (begin + 1));
                }
                return i;
            }
        }
        throw new BadCredential("line " + (begin + 1) + ": a PEM block that does not end");
    }

    private static Pem block(String[] lines, int begin, int end) throws BadCredential {
        Map<String, String> headers = new LinkedHashMap<>();
        StringBuilder base64 = new StringBuilder();
        for (int i = begin + 1; i < end; i++) {
            String line = lines[i].strip();
            int colon = line.indexOf(':');
            if (colon > 0 && base64.isEmpty()) {
                headers.put(
                        line.substring(0, colon).strip().toUpperCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            } else {
                base64.append(line);
            }
        }
        try {
            return new Pem(
                    label(lines[begin].strip()),
                    headers,
                    Octets.owned(Base64.getDecoder().decode(base64.toString())));
        } catch (IllegalArgumentException _) {
            throw new BadCredential(
                    "line " + (begin + 1) + ": what stands in the PEM block is no base64");
        }
    }

    /// With lines of 64 characters (RFC 7468, 2), and an end of line.
    public String emit() {
        StringBuilder text = new StringBuilder(BEGIN + label + DASHES + "\n");
        String base64 = Base64.getEncoder().encodeToString(data.toArray());
        for (int i = 0; i < base64.length(); i += LINE) {
            text.append(base64, i, Math.min(base64.length(), i + LINE)).append('\n');
        }
        return text.append(END).append(label).append(DASHES).append('\n').toString();
    }

    /// The label only: there may be a key in it.
    @Override
    public String toString() {
        return label;
    }
}
