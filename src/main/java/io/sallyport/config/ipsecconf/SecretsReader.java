package io.sallyport.config.ipsecconf;

import io.sallyport.base.Secret;
import io.sallyport.config.lower.Identities;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Includes;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// ipsec.secrets: lines of `[selectors] : TYPE secret`. What stands behind the colon is never
/// quoted in a finding.
public final class SecretsReader {
    private static final String EAP =
            "passwords for EAP are read from a swanctl.conf, or come by vici";

    /// The types that name a file with a private key.
    private static final Map<String, PrivateKeySpec.Kind> KEYS =
            Map.of(
                    "RSA", PrivateKeySpec.Kind.RSA,
                    "ECDSA", PrivateKeySpec.Kind.ECDSA,
                    "PKCS8", PrivateKeySpec.Kind.PKCS8,
                    "P12", PrivateKeySpec.Kind.PKCS12);

    /// The other types beside PSK, and why they are not used.
    private static final Map<String, String> OTHERS =
            Map.ofEntries(
                    Map.entry("BLISS", "strongSwan no longer has it either"),
                    Map.entry("PIN", "tokens are named in a swanctl.conf"),
                    Map.entry("EAP", EAP),
                    Map.entry("NTLM", EAP),
                    Map.entry("XAUTH", "XAuth arrives in a later release"));

    private static final String TYPES = "PSK|RSA|ECDSA|PKCS8|BLISS|P12|PIN|EAP|NTLM|XAUTH";

    /// A colon with a type behind it, whatever the blanks.
    private static final Pattern COLON =
            Pattern.compile("([ \t]*):([ \t]*)(?i:(" + TYPES + "))(?=[ \t\"']|$)");

    private final Findings findings;
    private final List<SharedSecret> secrets = new ArrayList<>();
    private final List<PrivateKeySpec> keys = new ArrayList<>();
    private final Includes includes;
    private final IpsecD directory;

    /// What an ipsec.secrets says.
    public record Contents(List<SharedSecret> secrets, List<PrivateKeySpec> keys) {
        public Contents {
            secrets = List.copyOf(secrets);
            keys = List.copyOf(keys);
        }
    }

    private SecretsReader(SourceText text, Findings findings) {
        this.directory = new IpsecD(text);
        this.findings = findings;
        this.includes = new Includes(findings);
    }

    public static Contents read(SourceText text, Findings findings) {
        SecretsReader reader = new SecretsReader(text, findings);
        reader.scan(text);
        return new Contents(reader.secrets, reader.keys);
    }

    /// Whether `line` is meant as a secret, well written or not.
    public static boolean looksLikeSecret(String line) {
        return !line.stripLeading().startsWith("#") && COLON.matcher(line).find();
    }

    private void scan(SourceText text) {
        for (int n = 1; n <= text.lines().size(); n++) {
            String line = text.line(n);
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#")) {
                continue;
            }
            if (bare.matches("include[ \t].*")) {
                includes.follow(
                        text, bare.substring(7), text.at(n, line.indexOf(bare) + 1), this::scan);
            } else {
                line(line, text.at(n, 1));
            }
        }
    }

    private void line(String line, Position start) {
        int colon = separator(line);
        if (colon < 0) {
            badSeparator(line, start);
            return;
        }
        int type = colon + 1;
        while (type < line.length() && isBlank(line.charAt(type))) {
            type++;
        }
        int end = type;
        while (end < line.length() && !isBlank(line.charAt(end)) && line.charAt(end) != '"') {
            end++;
        }
        String word = line.substring(type, end);
        Position at = start.right(type);
        PrivateKeySpec.Kind kind = KEYS.get(word);
        if (kind != null) {
            key(kind, word, line, end, start);
            return;
        }
        if (!word.equals("PSK")) {
            otherType(word, at);
            return;
        }
        Optional<Secret> secret = secret(word, line, end, start);
        Optional<List<Identity>> owners = owners(line.substring(0, colon), start);
        if (secret.isPresent() && owners.isPresent()) {
            secrets.add(
                    new SharedSecret(
                            owners.get(),
                            secret.get(),
                            start.right(line.length() - line.stripLeading().length()).origin()));
        }
    }

    /// `: RSA FILE ["passphrase"]`; a relative FILE is in `ipsec.d/private` beside the file. Whose
    /// key it is, says its certificate; selectors before the colon do not count.
    private void key(PrivateKeySpec.Kind kind, String type, String line, int from, Position start) {
        int i = from;
        while (i < line.length() && isBlank(line.charAt(i))) {
            i++;
        }
        Position at = start.right(i);
        boolean quoted = i < line.length() && (line.charAt(i) == '"' || line.charAt(i) == '\'');
        int end = quoted ? line.indexOf(line.charAt(i), i + 1) : i;
        if (quoted && end < 0) {
            reveal(line.substring(i));
            findings.error(at, "the quote round the file's name is not closed");
            return;
        }
        while (!quoted && end < line.length() && !isBlank(line.charAt(end))) {
            end++;
        }
        String name = line.substring(quoted ? i + 1 : i, end);
        if (name.isEmpty()
                || name.startsWith("#")
                || name.startsWith("{")
                || name.startsWith("%")) {
            reveal(line.substring(i));
            findings.error(at, type + " needs the name of a file behind it");
            return;
        }
        int rest = quoted ? end + 1 : end;
        String behind = line.substring(rest).strip();
        Optional<Secret> passphrase =
                behind.isEmpty() || behind.startsWith("#") || behind.matches("(\"\"|'')(\\s*#.*)?")
                        ? Optional.of(Secret.EMPTY)
                        : secret("the passphrase", line, rest, start);
        try {
            KeySource file = directory.file(at, "private", name);
            passphrase.ifPresent(p -> keys.add(new PrivateKeySpec(kind, file, p)));
        } catch (InvalidPathException _) {
            findings.error(at, "this is no file name");
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /// The index of the colon that stands alone between blanks, outside quotes; -1 if there is
    /// none.
    private static int separator(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            boolean before = i == 0 || isBlank(line.charAt(i - 1));
            boolean behind = i + 1 < line.length() && isBlank(line.charAt(i + 1));
            if (c == ':' && !quoted && before && behind) {
                return i;
            }
        }
        return -1;
    }

    /// S3-24: "be mindful of the spacing".
    private void badSeparator(String line, Position start) {
        Matcher m = COLON.matcher(line);
        // what stands before the colon is not secret, but a colon inside the secret would be found
        // only behind a quote
        int quote = line.indexOf('"');
        if (m.find() && (quote < 0 || m.end(1) < quote)) {
            boolean before = m.end(1) > 0 && m.group(1).isEmpty();
            boolean behind = m.group(2).isEmpty();
            String where = before && behind ? "before and behind" : before ? "before" : "behind";
            reveal(line.substring(m.end()));
            findings.error(
                    start.right(m.end(1)),
                    "a blank is missing "
                            + where
                            + " the colon: write 'LOCAL REMOTE : PSK \"***\"'");
        } else {
            reveal(line);
            findings.error(
                    start.right(line.length() - line.stripLeading().length()),
                    "no ' : ' in this line: write 'LOCAL REMOTE : PSK \"***\"'");
        }
    }

    /// Conceals what looks like a secret in a line that is not understood.
    private void reveal(String rest) {
        for (String part : rest.split("[\"'\\s]+")) {
            if (part.length() >= 8) {
                findings.conceal(part);
            }
        }
    }

    private void otherType(String word, Position at) {
        String reason = OTHERS.get(word);
        if (reason != null) {
            findings.warning(at, word + " secret is ignored: " + reason);
        } else if (word.equalsIgnoreCase("PSK")
                || OTHERS.containsKey(word.toUpperCase(Locale.ROOT))
                || KEYS.containsKey(word.toUpperCase(Locale.ROOT))) {
            findings.error(at, "the type is written in capitals: " + word.toUpperCase(Locale.ROOT));
        } else {
            reveal(word);
            // the word may be the secret itself, so it is not quoted
            findings.error(
                    at,
                    "no type of secret behind the colon; write PSK"
                            + DidYouMean.hint(word, List.of("PSK", "RSA", "ECDSA", "XAUTH")));
        }
    }

    /// Quoted, or the next word: `0x` hexadecimal, `0s` base64, else the text itself.
    private Optional<Secret> secret(String type, String line, int from, Position start) {
        int i = from;
        while (i < line.length() && isBlank(line.charAt(i))) {
            i++;
        }
        Position at = start.right(i);
        if (i == line.length() || line.charAt(i) == '#') {
            findings.error(at, type + " needs a secret behind it");
            return Optional.empty();
        }
        char quote = line.charAt(i);
        if (quote == '"' || quote == '\'') {
            int close = line.indexOf(quote, i + 1);
            if (close < 0) {
                reveal(line.substring(i));
                findings.error(at, "the quote round the secret is not closed");
                return Optional.empty();
            }
            trailing(line, close + 1, start);
            return text(line.substring(i + 1, close), at);
        }
        int end = i;
        while (end < line.length() && !isBlank(line.charAt(end))) {
            end++;
        }
        trailing(line, end, start);
        String word = line.substring(i, end);
        if (word.equals("%prompt")) {
            findings.error(at, "%prompt is refused: nobody can be asked; write the secret");
            return Optional.empty();
        }
        findings.conceal(word);
        try {
            if (word.startsWith("0x")) {
                return bounded(HexFormat.of().parseHex(word.substring(2).replace("_", "")), at);
            }
            if (word.startsWith("0s")) {
                return bounded(Base64.getDecoder().decode(word.substring(2)), at);
            }
        } catch (IllegalArgumentException _) {
            findings.error(
                    at,
                    word.startsWith("0x")
                            ? "0x is followed by an even number of hexadecimal digits"
                            : "0s is followed by base64");
            return Optional.empty();
        }
        return text(word, at);
    }

    private void trailing(String line, int from, Position start) {
        String rest = line.substring(from).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            reveal(rest);
            findings.warning(
                    start.right(line.indexOf(rest, from)),
                    "what stands behind the secret is ignored (a secret with blanks needs quotes)");
        }
    }

    private Optional<Secret> text(String secret, Position at) {
        findings.conceal(secret);
        return bounded(secret.getBytes(StandardCharsets.UTF_8), at);
    }

    private Optional<Secret> bounded(byte[] octets, Position at) {
        if (octets.length == 0) {
            findings.error(at, "the secret is empty");
            return Optional.empty();
        }
        return Optional.of(Secret.owned(octets));
    }

    private Optional<List<Identity>> owners(String selectors, Position start) {
        List<Identity> owners = new ArrayList<>();
        boolean good = true;
        Matcher m = Pattern.compile("\"([^\"]*)\"|[^ \t]+").matcher(selectors);
        while (m.find()) {
            String word = m.group(1) != null ? m.group(1) : m.group();
            if (word.equals("PSK") || OTHERS.containsKey(word) || KEYS.containsKey(word)) {
                // then a secret may stand here, too: nothing more is looked at or shown
                reveal(selectors);
                findings.error(
                        start.right(m.start()), word + " stands before the colon, not behind it");
                return Optional.empty();
            }
            if (word.matches(".*[\"'].*|.*[ \t]:[ \t].*")) {
                reveal(selectors);
                findings.error(start.right(m.start()), "a stray quote before the colon");
                return Optional.empty();
            }
            switch (Identities.parse(word)) {
                case Identities.Good id -> owners.add(id.identity());
                case Identities.Bad bad -> {
                    good = false;
                    findings.error(
                            start.right(m.start()), "'" + Values.shown(word) + "' " + bad.why());
                }
            }
        }
        return good ? Optional.of(owners) : Optional.empty();
    }
}
