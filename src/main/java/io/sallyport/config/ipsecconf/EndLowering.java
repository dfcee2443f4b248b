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
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PeerSpec;
import java.util.List;
import java.util.Optional;

/// One end of a connection: `left` is ours, `right` the peer's.
final class EndLowering {
    private final Conn conn;
    private final String side;
    private final Choices choices;
    private final Findings findings;

    EndLowering(Conn conn, String side, Choices choices, Findings findings) {
        this.conn = conn;
        this.side = side;
        this.choices = choices;
        this.findings = findings;
    }

    private boolean ours() {
        return side.equals("left");
    }

    Optional<PeerSpec> peer() {
        boolean psk = authenticates();
        Optional<AddressSpec> address = address();
        Optional<Identity> identity = address.flatMap(this::identity);
        return psk && identity.isPresent()
                ? Optional.of(PeerSpec.psk(address.get(), identity.get()))
                : Optional.empty();
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

    /// `leftauth`, else `authby`, else strongSwan's default: by certificate.
    private boolean authenticates() {
        Optional<Setting> said = conn.get(side + "auth").or(() -> conn.get("authby"));
        if (said.isEmpty()) {
            findings.error(
                    conn.at(),
                    "conn "
                            + conn.name()
                            + ": without "
                            + side
                            + "auth it is authenticated by certificate, which arrives in a later"
                            + " release; use "
                            + side
                            + "auth=psk");
            return false;
        }
        Setting s = said.get();
        switch (s.value()) {
            case "psk", "secret" -> {
                return true;
            }
            case "never", "any" ->
                    findings.error(s.at(), s.key() + "=" + s.value() + " is refused: use psk");
            default -> {
                String word = s.value().split("[-:|]", 2)[0];
                boolean known =
                        List.of(
                                        "pubkey",
                                        "rsa",
                                        "rsasig",
                                        "ecdsa",
                                        "ecdsasig",
                                        "ed25519",
                                        "ed448",
                                        "bliss",
                                        "eap",
                                        "xauth",
                                        "xauthpsk",
                                        "xauthrsasig")
                                .contains(word);
                findings.error(
                        s.at(),
                        known
                                ? s.key()
                                        + "="
                                        + Values.shown(s.value())
                                        + " is refused: this release authenticates by"
                                        + " pre-shared key only; use psk"
                                : s.key()
                                        + ": '"
                                        + Values.shown(s.value())
                                        + "' is not known; use psk"
                                        + DidYouMean.hint(s.value(), List.of("psk", "secret")));
            }
        }
        return false;
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
