package io.sallyport.config.swanctl;

import io.sallyport.base.Secret;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sections below `secrets`. No finding quotes what is secret.
final class SecretLowering {
    private static final Map<String, SharedSecret.Kind> SHARED =
            Map.of(
                    "ike", SharedSecret.Kind.IKE,
                    "eap", SharedSecret.Kind.EAP,
                    "xauth", SharedSecret.Kind.XAUTH,
                    "ntlm", SharedSecret.Kind.NTLM,
                    "ppk", SharedSecret.Kind.PPK);
    private static final Map<String, PrivateKeySpec.Kind> KEYS =
            Map.of(
                    "private", PrivateKeySpec.Kind.ANY,
                    "rsa", PrivateKeySpec.Kind.RSA,
                    "ecdsa", PrivateKeySpec.Kind.ECDSA,
                    "pkcs8", PrivateKeySpec.Kind.PKCS8,
                    "pkcs12", PrivateKeySpec.Kind.PKCS12);

    private final Path home;
    private final Findings findings;
    private final List<SharedSecret> secrets = new ArrayList<>();
    private final List<PrivateKeySpec> keys = new ArrayList<>();

    SecretLowering(Path home, Findings findings) {
        this.home = home;
        this.findings = findings;
    }

    static boolean isSecretKey(String key) {
        return key.startsWith("secret") || key.startsWith("pin") || key.endsWith("_key");
    }

    List<SharedSecret> secrets() {
        return secrets;
    }

    List<PrivateKeySpec> keys() {
        return keys;
    }

    void lower(Tree section) {
        Optional<String> shared = kind(section.name(), SHARED.keySet());
        Optional<String> key = kind(section.name(), KEYS.keySet());
        if (shared.isPresent()) {
            shared(SHARED.getOrDefault(shared.get(), SharedSecret.Kind.IKE), section);
        } else if (key.isPresent()) {
            key(KEYS.getOrDefault(key.get(), PrivateKeySpec.Kind.ANY), key.get(), section);
        } else if (section.name().startsWith("token")) {
            token(section);
        } else {
            List<String> known = new ArrayList<>(SHARED.keySet());
            known.addAll(KEYS.keySet());
            known.add("token");
            known.sort(null);
            findings.error(
                    section.at(),
                    "unknown section '"
                            + Values.shown(section.name())
                            + "' in secrets; its name begins with its type: "
                            + String.join(", ", known)
                            + DidYouMean.hint(section.name(), known));
        }
    }

    private static Optional<String> kind(String name, Iterable<String> known) {
        for (String word : known) {
            if (name.startsWith(word)) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    private void shared(SharedSecret.Kind kind, Tree section) {
        Fields fields = new Fields(section, Place.SHARED, findings).checked();
        Optional<Setting> said = fields.said("secret");
        if (said.isEmpty()) {
            findings.error(section.at(), "secret " + section.name() + " has no secret in it");
            return;
        }
        Findings own = new Findings();
        List<Identity> owners = new ArrayList<>();
        for (Setting s : section.settings().values()) {
            if (s.key().startsWith("id") && !s.value().isEmpty()) {
                owners.add(AuthLowering.identity(s, own));
            }
        }
        findings.addAll(own);
        Optional<Secret> secret = secret(said.get());
        if (secret.isPresent() && !own.hasErrors()) {
            secrets.add(new SharedSecret(kind, owners, secret.get(), section.at().origin()));
        }
    }

    /// `0x` hexadecimal, `0s` base64, else the text itself.
    private Optional<Secret> secret(Setting s) {
        String value = s.value();
        findings.conceal(value);
        try {
            byte[] octets =
                    value.startsWith("0x")
                            ? HexFormat.of().parseHex(value.substring(2))
                            : value.startsWith("0s")
                                    ? Base64.getDecoder().decode(value.substring(2))
                                    : value.getBytes(StandardCharsets.UTF_8);
            if (octets.length > 0) {
                return Optional.of(Secret.owned(octets));
            }
            findings.error(s.at(), s.key() + ": it is empty");
        } catch (IllegalArgumentException _) {
            findings.error(
                    s.at(),
                    s.key()
                            + (value.startsWith("0x")
                                    ? ": 0x is followed by an even number of hexadecimal digits"
                                    : ": 0s is followed by base64"));
        }
        return Optional.empty();
    }

    private void key(PrivateKeySpec.Kind kind, String directory, Tree section) {
        Fields fields = new Fields(section, Place.KEY, findings).checked();
        Optional<Setting> file = fields.said("file");
        if (file.isEmpty()) {
            findings.error(section.at(), "secret " + section.name() + " names no file");
            return;
        }
        Optional<KeySource> source = new KeyFiles(home, findings).file(file.get(), directory);
        Secret passphrase = fields.said("secret").flatMap(this::secret).orElse(Secret.EMPTY);
        source.ifPresent(s -> keys.add(new PrivateKeySpec(kind, s, passphrase)));
    }

    /// A PIN is text as it stands: 0x and 0s are digits of it, as in strongSwan.
    private void token(Tree section) {
        Fields fields = new Fields(section, Place.TOKEN, findings).checked();
        Optional<Setting> pin = fields.said("pin").filter(s -> !s.value().isEmpty());
        pin.ifPresent(s -> findings.conceal(s.value()));
        Optional<Setting> handle = fields.said("handle");
        if (handle.isEmpty()) {
            findings.error(section.at(), "secret " + section.name() + " has no handle");
            return;
        }
        KeyFiles.token(fields, findings)
                .ifPresent(at ->
                        keys.add(
                                new PrivateKeySpec(
                                        PrivateKeySpec.Kind.TOKEN,
                                        at,
                                        pin.map(s -> Secret.utf8(s.value()))
                                                .orElse(Secret.EMPTY))));
    }
}
