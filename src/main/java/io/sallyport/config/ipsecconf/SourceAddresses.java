package io.sallyport.config.ipsecconf;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.config.lower.Addresses;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AddressingSpec;
import io.sallyport.model.spec.PoolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `leftsourceip`, the virtual addresses that we ask for, and `rightsourceip` with `rightdns`, the
/// pools out of which we answer. As with strongSwan a pool is called by its addresses: two
/// connections that say the same ones lend out of the same pool.
final class SourceAddresses {
    /// RFC 7296, 3.15.1: INTERNAL_IP4_DNS and INTERNAL_IP6_DNS.
    private static final int IP4_DNS = 3;

    private static final int IP6_DNS = 10;

    private final Conn conn;
    private final Findings findings;

    SourceAddresses(Conn conn, Findings findings) {
        this.conn = conn;
        this.findings = findings;
    }

    /// @param peer of which family an address is that is asked for without saying so
    AddressingSpec addressing(AddressSpec peer, List<PoolSpec> pools) {
        return new AddressingSpec(asked(peer), pools.stream().map(PoolSpec::name).toList(), true);
    }

    private List<IpAddress> asked(AddressSpec peer) {
        List<IpAddress> asked = new ArrayList<>();
        Optional<Setting> said = conn.get("leftsourceip");
        for (String word : words(said)) {
            Optional<IpAddress> address =
                    switch (word) {
                        case "%config", "%cfg", "%modeconfig", "%modecfg" ->
                                Optional.of(
                                        peer instanceof AddressSpec.Fixed(IpAddress a) && a.v6()
                                                ? IpAddress.of("::")
                                                : IpAddress.of("0.0.0.0"));
                        case "%config4" -> Optional.of(IpAddress.of("0.0.0.0"));
                        case "%config6" -> Optional.of(IpAddress.of("::"));
                        default -> IpAddress.parse(word);
                    };
            address.ifPresent(asked::add);
            if (address.isEmpty()) {
                findings.error(
                        said.orElseThrow().at(),
                        "leftsourceip: '"
                                + Values.shown(word)
                                + "' is no address; %config, %config4 and %config6 ask for any");
            }
        }
        conn.get("leftdns")
                .ifPresent(s ->
                        findings.note(
                                s.at(),
                                "leftdns is ignored: whoever asks for an address asks"
                                        + " for any name servers, too"));
        return asked;
    }

    /// What `rightsourceip` lends; the first pool of a family tells the name servers of that
    /// family.
    List<PoolSpec> pools() {
        List<PoolSpec> pools = new ArrayList<>();
        Optional<Setting> said = conn.get("rightsourceip");
        List<IpAddress> servers = servers();
        for (String word : words(said)) {
            Optional<IpRange> range =
                    Addresses.range(word)
                            .or(() -> IpAddress.parse(word).map(a -> IpRange.of(IpPrefix.host(a))));
            if (range.isEmpty()) {
                findings.error(said.orElseThrow().at(), "rightsourceip: " + why(word));
                continue;
            }
            boolean v6 = range.get().first().v6();
            List<PoolSpec.Attribute> told = new ArrayList<>();
            for (IpAddress server : servers) {
                if (server.v6() == v6) {
                    told.add(new PoolSpec.Attribute(v6 ? IP6_DNS : IP4_DNS, server.octets()));
                }
            }
            servers = servers.stream().filter(s -> s.v6() != v6).toList();
            pools.add(
                    new PoolSpec(
                            name(word),
                            List.of(range.get()),
                            told,
                            said.orElseThrow().at().origin()));
        }
        if (!pools.isEmpty() && !servers.isEmpty()) {
            findings.warning(
                    conn.get("rightdns").orElseThrow().at(),
                    "rightdns: "
                            + servers.getFirst()
                            + " is told to nobody: rightsourceip lends no address of its family");
        }
        return pools;
    }

    private static String why(String word) {
        return switch (word) {
            case "%config", "%config4", "%config6" ->
                    word
                            + " is refused: a peer does not choose its address; say the network"
                            + " that it gets one of";
            case "%dhcp", "%radius" ->
                    word + " is refused: addresses come out of a network that is said here";
            default ->
                    "'"
                            + Values.shown(word)
                            + "' is neither NETWORK/LENGTH nor FIRST-LAST nor an address";
        };
    }

    private List<IpAddress> servers() {
        List<IpAddress> servers = new ArrayList<>();
        Optional<Setting> said = conn.get("rightdns");
        for (String word : words(said)) {
            IpAddress.parse(word)
                    .ifPresentOrElse(
                            servers::add,
                            () ->
                                    findings.error(
                                            said.orElseThrow().at(),
                                            "rightdns: '"
                                                    + Values.shown(word)
                                                    + "' is no address"));
        }
        return servers;
    }

    /// A name that a section of swanctl.conf can have, too.
    private static String name(String word) {
        return word.replaceAll("[^0-9A-Za-z]", "-");
    }

    private static List<String> words(Optional<Setting> said) {
        List<String> words = new ArrayList<>();
        for (String word : said.map(Setting::value).orElse("").split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return words;
    }
}
