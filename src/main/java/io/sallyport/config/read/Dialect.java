package io.sallyport.config.read;

import io.sallyport.config.aws.AwsTextReader;
import io.sallyport.config.ipsecconf.SecretsReader;
import io.sallyport.config.syntax.SourceText;
import java.util.regex.Pattern;

/// The dialect of a file, known by its content.
enum Dialect {
    AWS_TEXT,
    AWS_XML,
    IPSEC_CONF,
    IPSEC_SECRETS,
    /// Nothing in it but blanks and comments.
    EMPTY,
    SWANCTL,
    /// Known to us as something else.
    CISCO,
    WIREGUARD,
    OPENVPN,
    UNKNOWN;

    private static final Pattern HEAD =
            Pattern.compile("(config[ \t]+setup|conn|ca|include|version)\\b.*");

    private static final Pattern SWANCTL_HEAD =
            Pattern.compile(
                    "\\s*(connections|secrets|pools|authorities|manual|pkcs11)\\s*(:.*)?\\{.*");

    static Dialect of(SourceText text) {
        if (text.text().isBlank()) {
            return EMPTY;
        }
        if (text.text().stripLeading().startsWith("<")) {
            return AWS_XML;
        }
        if (AwsTextReader.recognises(text)) {
            return AWS_TEXT;
        }
        if (text.name().endsWith(".secrets")) {
            return IPSEC_SECRETS;
        }
        if (text.name().endsWith("swanctl.conf") || some(text, SWANCTL_HEAD)) {
            return SWANCTL;
        }
        if (some(text, HEAD)) {
            return IPSEC_CONF;
        }
        if (text.lines().stream().anyMatch(SecretsReader::looksLikeSecret)) {
            return IPSEC_SECRETS;
        }
        return other(text);
    }

    private static Dialect other(SourceText text) {
        if (some(text, Pattern.compile("\\s*crypto (isakmp|ipsec|map|keyring|ikev2)\\b.*"))) {
            return CISCO;
        }
        if (some(text, Pattern.compile("\\s*\\[(Interface|Peer)\\]\\s*"))) {
            return WIREGUARD;
        }
        if (some(
                text,
                Pattern.compile("\\s*(remote \\S+ \\d+|dev tun\\d*|tls-client|client)\\s*"))) {
            return OPENVPN;
        }
        boolean onlyComments =
                text.lines().stream().allMatch(l -> l.isBlank() || l.strip().startsWith("#"));
        if (onlyComments) {
            return EMPTY;
        }
        return text.name().endsWith(".conf") ? IPSEC_CONF : UNKNOWN;
    }

    private static boolean some(SourceText text, Pattern line) {
        return text.lines().stream().anyMatch(l -> line.matcher(l).matches());
    }
}
