package io.sallyport.config.read;

import io.sallyport.config.ipsecconf.IpsecConfReader;
import io.sallyport.config.ipsecconf.LoweredConn;
import io.sallyport.config.ipsecconf.SecretsReader;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.swanctl.SwanctlReader;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// VPNs that are written down in each dialect that can say them: the folders of
/// `src/test/vectors/rosetta`.
enum RosettaCases {
    AWS_TWO_TUNNELS("AWS, two tunnels, IKEv1, pre-shared keys"),
    AWS_TWO_TUNNELS_IKEV2("the same over IKEv2"),
    NET_IKEV2_PSK("two networks, IKEv2, a pre-shared key"),
    NET_IKEV2_CERTIFICATES("two networks, IKEv2, certificates"),
    HOSTS_TRANSPORT("two hosts, transport mode, one port"),
    ROADWARRIORS_POOL("a gateway for roadwarriors, with pools"),
    ROADWARRIOR_CLIENT("a roadwarrior that asks for addresses");

    static final List<String> FILES =
            List.of("swanctl.conf", "ipsec.conf", "aws-strongswan.txt", "aws.xml");

    final String story;

    RosettaCases(String story) {
        this.story = story;
    }

    Path file(String name) {
        return Path.of("src/test/vectors/rosetta")
                .resolve(name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .resolve(name);
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    /// What `file` says, whether or not the engine of this release can do it; without places.
    static VpnSpec model(Path file, Choices choices, Findings findings) {
        SourceText text = SourceText.read(file, findings).orElseThrow();
        return withoutPlaces(
                switch (file.getFileName().toString()) {
                    case "swanctl.conf" -> SwanctlReader.read(text, choices, findings);
                    case "ipsec.conf" -> ipsecConf(file, text, choices, findings);
                    default -> {
                        Reading reading = ConfigReader.read(List.of(file), choices);
                        reading.findings()
                                .forEach(f -> findings.add(f.severity(), f.at(), f.message()));
                        yield reading.spec();
                    }
                });
    }

    private static VpnSpec ipsecConf(
            Path file, SourceText text, Choices choices, Findings findings) {
        List<LoweredConn> conns = IpsecConfReader.read(text, choices, findings).conns();
        Path secrets = file.resolveSibling("ipsec.secrets");
        return new VpnSpec(
                conns.stream().map(LoweredConn::spec).toList(),
                Files.exists(secrets)
                        ? SecretsReader.read(
                                        SourceText.read(secrets, findings).orElseThrow(), findings)
                                .secrets()
                        : List.of(),
                List.of(),
                List.of(),
                conns.stream().flatMap(c -> c.pools().stream()).distinct().toList(),
                List.of());
    }

    static VpnSpec withoutPlaces(VpnSpec spec) {
        return new VpnSpec(
                spec.connections().stream().map(RosettaCases::withoutPlaces).toList(),
                spec.secrets().stream().map(s -> s.from(Origin.NONE)).toList(),
                List.of(),
                List.of(),
                spec.pools().stream()
                        .map(p ->
                                new PoolSpec(p.name(), p.addresses(), p.attributes(), Origin.NONE))
                        .toList(),
                List.of());
    }

    private static ConnectionSpec withoutPlaces(ConnectionSpec c) {
        return new ConnectionSpec(
                c.name(),
                withoutPlaces(c.local()),
                withoutPlaces(c.remote()),
                c.ike(),
                c.addressing(),
                c.children(),
                Origin.NONE);
    }

    private static PeerSpec withoutPlaces(PeerSpec end) {
        return new PeerSpec(
                end.addresses(),
                end.port(),
                end.rounds().stream()
                        .map(round ->
                                round instanceof AuthSpec.Pubkey p
                                        ? new AuthSpec.Pubkey(
                                                p.identity(),
                                                withoutPlaces(p.certificates()),
                                                withoutPlaces(p.keys()),
                                                withoutPlaces(p.trust()))
                                        : round)
                        .toList());
    }

    private static List<KeySource> withoutPlaces(List<KeySource> all) {
        return all.stream()
                .map(k ->
                        k instanceof KeySource.File f
                                ? new KeySource.File(f.path(), Origin.NONE)
                                : k)
                .toList();
    }

    private static TrustSpec withoutPlaces(TrustSpec trust) {
        return new TrustSpec(
                withoutPlaces(trust.authorities()),
                trust.authority(),
                trust.groups(),
                trust.policies(),
                trust.schemes(),
                trust.revocation());
    }
}
