package io.sallyport.config.ipsecconf;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.lower.Addresses;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Identities;
import io.sallyport.config.lower.Selectors;
import io.sallyport.config.lower.Selectors.ProtoPort;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One end of a connection: `left` is ours, `right` the peer's.
final class EndLowering {
    private static final List<String> PSK = List.of("psk");

    /// Of connections without IKE.
    private static final List<String> NEVER = List.of("never");

    private static final Set<String> KEYS =
            Set.of("pubkey", "rsa", "rsa/pss", "ecdsa", "ed25519", "ed448");

    private final Conn conn;
    private final String side;
    private final IpsecConfReader.Setup setup;
    private final Choices choices;
    private final Findings findings;

    EndLowering(
            Conn conn,
            String side,
            IpsecConfReader.Setup setup,
            Choices choices,
            Findings findings) {
        this.conn = conn;
        this.side = side;
        this.setup = setup;
        this.choices = choices;
        this.findings = findings;
    }

    private boolean ours() {
        return side.equals("left");
    }

    Optional<PeerSpec> peer() {
        Optional<List<String>> method = method();
        List<KeySource> certificates = certificates();
        Identity authority = authority();
        Optional<AddressSpec> address = address();
        Optional<Identity> identity = address.flatMap(this::identity);
        if (method.isEmpty() || identity.isEmpty()) {
            return Optional.empty();
        }
        if (method.get().equals(NEVER)) {
            AuthSpec none = new AuthSpec.Null(identity.get());
            return Optional.of(
                    new PeerSpec(List.of(address.get()), PeerSpec.IKE_PORT, List.of(none)));
        }
        if (method.get().equals(PSK)) {
            return Optional.of(PeerSpec.psk(address.get(), identity.get()));
        }
        boolean fromCertificate = conn.get(side + "id").isEmpty() && !certificates.isEmpty();
        AuthSpec auth =
                new AuthSpec.Pubkey(
                        fromCertificate ? Identity.ANY : identity.get(),
                        certificates,
                        List.of(),
                        new TrustSpec(
                                List.of(),
                                authority,
                                List.of(),
                                policies(),
                                method.get(),
                                setup.revocation()));
        return Optional.of(new PeerSpec(List.of(address.get()), PeerSpec.IKE_PORT, List.of(auth)));
    }

    /// Object identifiers, of which the certificate must have one.
    private List<String> policies() {
        return conn.get(side + "certpolicy").stream()
                .flatMap(said -> Stream.of(said.value().split(",", -1)))
                .map(String::strip)
                .filter(oid -> !oid.isEmpty())
                .toList();
    }

    private List<KeySource> certificates() {
        Optional<Setting> said = conn.get(side + "cert");
        if (said.isEmpty()) {
            return List.of();
        }
        if (said.get().value().startsWith("%")) {
            findings.error(
                    said.get().at(),
                    side + "cert: a certificate on a token is named in a swanctl.conf (handle)");
            return List.of();
        }
        List<KeySource> all = new ArrayList<>();
        try {
            for (String name : said.get().value().split(",", -1)) {
                all.add(setup.directory().file(said.get().at(), "certs", name.strip()));
            }
        } catch (InvalidPathException _) {
            findings.error(
                    said.get().at(),
                    side + "cert: '" + Values.shown(said.get().value()) + "' is no file name");
        }
        return all;
    }

    /// `%same`: as the other end says.
    private Identity authority() {
        Optional<Setting> said = conn.get(side + "ca");
        if (said.isPresent() && said.get().value().equals("%same")) {
            said = conn.get((ours() ? "right" : "left") + "ca");
        }
        return said.filter(s -> !s.value().equals("%same"))
                .map(this::authority)
                .orElse(Identity.ANY);
    }

    private Identity authority(Setting said) {
        return switch (Identities.parse(said.value())) {
            case Identities.Good good -> good.identity();
            case Identities.Bad bad -> {
                findings.error(
                        said.at(), side + "ca: '" + Values.shown(said.value()) + "' " + bad.why());
                yield Identity.ANY;
            }
        };
    }

    private Optional<AddressSpec> address() {
        Optional<Setting> said = conn.get(side);
        String value = said.map(Setting::value).orElse("%any");
        switch (value) {
            case "%defaultroute" -> {
                if (ours()) {
                    return Optional.of(choices.local());
                }
                findings.error(said.get().at(), "right=%defaultroute: our own side is left");
                return Optional.empty();
            }
            case "%any", "%any4", "%any6", "0.0.0.0", "::" -> {
                // strongSwan takes the address of the route to the peer for an open left
                return Optional.of(ours() ? choices.local() : new AddressSpec.Any());
            }
            default -> {
                return named(said.get());
            }
        }
    }

    private Optional<AddressSpec> named(Setting said) {
        String value = said.value();
        if (value.equals("%group") || value.equals("%opportunistic")) {
            findings.error(said.at(), side + "=" + value + " is refused: name the peer");
            return Optional.empty();
        }
        if (value.startsWith("%")) {
            findings.error(
                    said.at(),
                    side
                            + ": '"
                            + Values.shown(value)
                            + "' is not known"
                            + DidYouMean.hint(value, List.of("%any", "%any6", "%defaultroute")));
            return Optional.empty();
        }
        Optional<IpAddress> address = IpAddress.parse(value);
        if (address.isPresent()) {
            return Optional.of(new AddressSpec.Fixed(address.get()));
        }
        if (value.indexOf(',') >= 0 || IpPrefix.parse(value).isPresent()) {
            findings.error(
                    said.at(),
                    side + ": several addresses are refused: one address, one name or %any");
            return Optional.empty();
        }
        if (!Addresses.isName(value)) {
            findings.error(
                    said.at(),
                    side + ": '" + Values.shown(value) + "' is neither an address nor a host name");
            return Optional.empty();
        }
        return Optional.of(new AddressSpec.Named(value));
    }

    /// What is said, else the address, else any: for our side that is the address in use.
    private Optional<Identity> identity(AddressSpec address) {
        Optional<Setting> said = conn.get(side + "id");
        if (said.isEmpty()) {
            return Optional.of(
                    switch (address) {
                        case AddressSpec.Fixed f -> Identity.of(f.address());
                        case AddressSpec.Named n -> Identity.fqdn(n.name());
                        case AddressSpec.Any _, AddressSpec.DefaultRoute _, AddressSpec.Within _ ->
                                Identity.ANY;
                    });
        }
        return switch (Identities.parse(said.get().value())) {
            case Identities.Good good -> Optional.of(good.identity());
            case Identities.Bad bad -> {
                findings.error(
                        said.get().at(),
                        side + "id: '" + Values.shown(said.get().value()) + "' " + bad.why());
                yield Optional.empty();
            }
        };
    }

    /// `leftauth`, else `authby`, else strongSwan's default: by certificate. The words of a
    /// signature scheme, none for any; [#PSK], [#NEVER].
    private Optional<List<String>> method() {
        Optional<Setting> said = conn.get(side + "auth").or(() -> conn.get("authby"));
        if (said.isEmpty()) {
            return Optional.of(List.of());
        }
        Setting s = said.get();
        String value = s.value();
        switch (value) {
            case "psk", "secret" -> {
                return Optional.of(PSK);
            }
            case "pubkey", "rsasig", "ecdsasig" -> {
                return Optional.of(List.of());
            }
            case "never" -> {
                return Optional.of(NEVER);
            }
            case "any" -> findings.error(s.at(), s.key() + "=" + value + " is refused: use psk");
            default -> {
                String bare = value.startsWith("ike:") ? value.substring(4) : value;
                String word = bare.split("[-:|]", 2)[0];
                if (KEYS.contains(word)) {
                    return Optional.of(List.of(value.split("-", -1)));
                }
                boolean known =
                        List.of("bliss", "eap", "xauth", "xauthpsk", "xauthrsasig").contains(word);
                findings.error(
                        s.at(),
                        known
                                ? s.key()
                                        + "="
                                        + Values.shown(value)
                                        + " is refused: use psk, or pubkey and its kinds; EAP is"
                                        + " configured in a swanctl.conf"
                                : s.key()
                                        + ": '"
                                        + Values.shown(value)
                                        + "' is not known; use psk"
                                        + DidYouMean.hint(value, List.of("psk", "secret")));
            }
        }
        return Optional.empty();
    }

    /// What this side may send: its networks, or an empty list for its own address alone.
    Optional<List<TrafficSelector>> traffic(AddressSpec address, Mode mode) {
        Optional<ProtoPort> protoPort =
                conn.get(side + "protoport")
                        .map(s -> Selectors.protoPort(s, findings))
                        .orElse(Optional.of(ProtoPort.ANY));
        if (protoPort.isEmpty()) {
            return Optional.empty();
        }
        Optional<Setting> subnet = conn.get(side + "subnet");
        if (subnet.isPresent()) {
            return Selectors.list(subnet.get(), protoPort.get(), findings);
        }
        boolean named = mode == Mode.TRANSPORT && address instanceof AddressSpec.Fixed;
        if (protoPort.get().equals(ProtoPort.ANY) && !named) {
            return Optional.of(List.of());
        }
        if (address instanceof AddressSpec.Fixed(IpAddress fixed)) {
            int protocol = protoPort.get().protocol();
            PortRange ports = protoPort.get().ports();
            TrafficSelector all = TrafficSelector.of(IpPrefix.host(fixed));
            return Optional.of(List.of(new TrafficSelector(all.addresses(), protocol, ports)));
        }
        conn.get(side + "protoport")
                .ifPresent(s ->
                        findings.error(
                                s.at(),
                                s.key() + " needs " + side + "=ADDRESS or " + side + "subnet"));
        return Optional.empty();
    }
}
