package io.sallyport.config.swanctl;

import io.sallyport.config.lower.Identities;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.TrustSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rounds of authentication: sections that begin with `local` or `remote`.
final class AuthLowering {
    private static final List<String> WORDS =
            List.of("psk", "pubkey", "eap", "xauth", "rsa", "ecdsa", "ed25519", "ed448", "null");
    private static final Set<String> KEYS =
            Set.of("pubkey", "rsa", "rsa/pss", "ecdsa", "ed25519", "ed448", "bliss");

    /// Which ways to authenticate each setting belongs to; `key` stands for all signatures.
    private static final Map<String, List<String>> OWN =
            Map.of(
                    "certs", List.of("key", "eap"),
                    "pubkeys", List.of("key"),
                    "eap_id", List.of("eap"),
                    "aaa_id", List.of("eap"),
                    "xauth_id", List.of("xauth"));

    private static final Map<String, List<String>> DEMANDED =
            Map.of(
                    "eap_id", List.of("eap"),
                    "groups", List.of("key", "eap"),
                    "cert_policy", List.of("key", "eap"),
                    "certs", List.of("key"),
                    "cacerts", List.of("key", "eap"),
                    "ca_id", List.of("key", "eap"),
                    "pubkeys", List.of("key"),
                    "revocation", List.of("key", "eap"));

    private final Tree connection;
    private final KeyFiles files;
    private final Findings findings;

    AuthLowering(Tree connection, KeyFiles files, Findings findings) {
        this.connection = connection;
        this.files = files;
        this.findings = findings;
    }

    static boolean isRound(String name) {
        return name.startsWith("local") || name.startsWith("remote");
    }

    List<AuthSpec> local() {
        return rounds("local", Place.LOCAL);
    }

    List<AuthSpec> remote() {
        return rounds("remote", Place.REMOTE);
    }

    private record Round(long number, AuthSpec auth) {}

    /// Sorted by their number, equals in the order they stand in. strongSwan: an end that says
    /// nothing authenticates by certificate.
    private List<AuthSpec> rounds(String prefix, Place place) {
        List<Round> rounds = new ArrayList<>();
        for (Tree section : connection.sections().values()) {
            if (section.name().startsWith(prefix)) {
                Fields fields = new Fields(section, place, findings).checked();
                rounds.add(new Round(fields.number("round", 1000), auth(section, fields, place)));
            }
        }
        if (rounds.isEmpty()) {
            return List.of(new AuthSpec.Pubkey(Identity.ANY, List.of(), List.of(), TrustSpec.ANY));
        }
        rounds.sort(Comparator.comparingLong(Round::number));
        return rounds.stream().map(Round::auth).toList();
    }

    private AuthSpec auth(Tree section, Fields fields, Place place) {
        Setting said = fields.setting("auth");
        String method = said.value().toLowerCase(Locale.ROOT);
        Identity identity = identity(fields, "id");
        idle(said, method, fields, place);
        List<KeySource> certificates = files.list(section, fields, "certs", "cert", "x509");
        List<KeySource> keys = files.list(section, fields, "pubkeys", "", "pubkey");
        TrustSpec trust = place == Place.REMOTE ? trust(section, fields) : TrustSpec.ANY;
        if (method.equals("psk")) {
            return new AuthSpec.Psk(identity);
        }
        if (method.equals("null")) {
            return new AuthSpec.Null(identity);
        }
        if (method.equals("eap") || method.startsWith("eap-")) {
            return eap(said, method, identity, fields, place, trust, certificates);
        }
        if (method.equals("xauth") || method.startsWith("xauth-")) {
            return new AuthSpec.Xauth(
                    identity,
                    method.substring(Math.min(method.length(), 6)),
                    place == Place.LOCAL ? identity(fields, "xauth_id") : Identity.ANY);
        }
        String bare = method.startsWith("ike:") ? method.substring(4) : method;
        if (!KEYS.contains(bare.split("-", 2)[0])) {
            findings.error(
                    said.at(),
                    "auth: '"
                            + Values.shown(said.value())
                            + "' is not known"
                            + DidYouMean.hint(said.value(), WORDS));
        }
        List<String> schemes = method.equals("pubkey") ? List.of() : List.of(method.split("-", -1));
        return new AuthSpec.Pubkey(identity, certificates, keys, trust.schemes(schemes));
    }

    /// What is said for another way to authenticate. Of ourselves that is idle; of the peer it is a
    /// demand, which this way cannot meet.
    private void idle(Setting said, String method, Fields fields, Place place) {
        Map<String, List<String>> ways = place == Place.LOCAL ? OWN : DEMANDED;
        String way = method.split("[-:]", 2)[0];
        ways.forEach((key, methods) -> {
            boolean fits = methods.contains(KEYS.contains(way) || way.equals("ike") ? "key" : way);
            Optional<Setting> idle =
                    fields.said(key)
                            .filter(s -> !fits && !s.value().isEmpty())
                            .filter(s -> !s.value().equals(fields.otherwise(key)));
            if (idle.isPresent() && place == Place.LOCAL) {
                findings.warning(idle.get().keyAt(), key + " is ignored: auth = " + said.value());
            } else if (idle.isPresent()) {
                findings.error(
                        idle.get().keyAt(),
                        key + " demands what auth = " + said.value() + " cannot show");
            }
        });
    }

    /// `eap`, `eap-METHOD`, `eap-TYPE-VENDOR`, each with `:` and schemes of the server's chain.
    private AuthSpec eap(
            Setting said,
            String method,
            Identity identity,
            Fields fields,
            Place place,
            TrustSpec trust,
            List<KeySource> certificates) {
        int colon = method.indexOf(':');
        String words = colon < 0 ? method : method.substring(0, colon);
        TrustSpec narrowed =
                colon < 0
                        ? trust
                        : trust.schemes(List.of(method.substring(colon + 1).split("-", -1)));
        String[] parts = words.split("-", -1);
        int vendor = 0;
        if (parts.length > 2) {
            if (parts[2].matches("[0-9]{1,8}")) {
                vendor = Integer.parseInt(parts[2]);
            } else {
                findings.error(
                        said.at(), "auth: '" + Values.shown(parts[2]) + "' is no vendor's number");
            }
        }
        return new AuthSpec.Eap(
                identity,
                parts.length > 1 ? parts[1] : "",
                vendor,
                identity(fields, "eap_id"),
                place == Place.LOCAL ? certificates : List.of(),
                place == Place.LOCAL ? identity(fields, "aaa_id") : Identity.ANY,
                narrowed);
    }

    private TrustSpec trust(Tree section, Fields fields) {
        return new TrustSpec(
                files.list(section, fields, "cacerts", "cacert", "x509ca"),
                identity(fields, "ca_id"),
                fields.words("groups"),
                fields.words("cert_policy"),
                List.of(),
                fields.word(
                        "revocation",
                        Map.of(
                                "strict", TrustSpec.Revocation.STRICT,
                                "ifuri", TrustSpec.Revocation.IFURI,
                                "relaxed", TrustSpec.Revocation.RELAXED)));
    }

    private Identity identity(Fields fields, String key) {
        return identity(fields.setting(key), findings);
    }

    static Identity identity(Setting s, Findings findings) {
        return switch (Identities.parse(s.value())) {
            case Identities.Good good -> good.identity();
            case Identities.Bad bad -> {
                findings.error(
                        s.at(), s.key() + ": '" + Values.shown(s.value()) + "' " + bad.why());
                yield Identity.ANY;
            }
        };
    }
}
