package io.sallyport.config.read;

import io.sallyport.config.aws.AwsReading;
import io.sallyport.config.aws.AwsTextReader;
import io.sallyport.config.aws.AwsXmlReader;
import io.sallyport.config.ipsecconf.IpsecConfReader;
import io.sallyport.config.ipsecconf.IpsecD;
import io.sallyport.config.ipsecconf.LoweredConn;
import io.sallyport.config.ipsecconf.SecretsReader;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.swanctl.SwanctlReader;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.VpnSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The door of the room: any number of files in any of the dialects to one model.
///
/// A mistake never ends the reading: it is told with its place, the connection that it concerns is
/// left out, and the rest goes on.
public final class ConfigReader {
    private final Choices choices;
    private final Findings findings = new Findings();
    private final List<ConnectionSpec> connections = new ArrayList<>();
    private final List<SharedSecret> secrets = new ArrayList<>();

    /// From files that say everything: connections, secrets, keys, pools.
    private final List<VpnSpec> more = new ArrayList<>();

    private ConfigReader(Choices choices) {
        this.choices = choices;
    }

    /// Reads `files`. Beside an ipsec.conf its `ipsec.secrets` is read, too, where no secrets file
    /// was given.
    public static Reading read(List<Path> files, Choices choices) {
        ConfigReader reader = new ConfigReader(choices);
        List<SourceText> texts = new ArrayList<>();
        Set<Path> seen = new LinkedHashSet<>();
        for (Path file : files) {
            if (seen.add(file.toAbsolutePath().normalize())) {
                SourceText.read(file, reader.findings).ifPresent(texts::add);
            } else {
                reader.findings.warning(
                        Position.whole(file.toString()), "is given twice; it is read once");
            }
        }
        boolean secretsGiven =
                texts.stream().anyMatch(t -> Dialect.of(t) == Dialect.IPSEC_SECRETS)
                        || files.stream().anyMatch(f -> f.toString().endsWith(".secrets"));
        if (!secretsGiven) {
            reader.secretsBeside(texts, seen);
        }
        return reader.readAll(texts);
    }

    /// Reads texts that are already in memory, e.g. from a pipe.
    public static Reading readTexts(List<SourceText> texts, Choices choices) {
        return new ConfigReader(choices).readAll(texts);
    }

    private void secretsBeside(List<SourceText> texts, Set<Path> seen) {
        for (SourceText text : List.copyOf(texts)) {
            if (Dialect.of(text) != Dialect.IPSEC_CONF) {
                continue;
            }
            Path beside = Path.of(text.name()).resolveSibling("ipsec.secrets");
            if (Files.exists(beside) && seen.add(beside.toAbsolutePath().normalize())) {
                SourceText.read(beside, findings).ifPresent(texts::add);
            }
        }
    }

    private Reading readAll(List<SourceText> texts) {
        texts.forEach(this::read);
        for (VpnSpec spec : more) {
            connections.addAll(spec.connections());
            secrets.addAll(spec.secrets());
        }
        boolean haveKeys = more.stream().anyMatch(spec -> !spec.keys().isEmpty());
        List<ConnectionSpec> good = new CrossChecks(connections, secrets, haveKeys, findings).run();
        return new Reading(
                new VpnSpec(
                        good,
                        secrets,
                        all(VpnSpec::keys),
                        all(VpnSpec::certificates),
                        all(VpnSpec::pools),
                        all(VpnSpec::authorities),
                        all(VpnSpec::modules)),
                findings.list());
    }

    private <T> List<T> all(Function<VpnSpec, List<T>> part) {
        return more.stream().map(part).flatMap(List::stream).toList();
    }

    private void read(SourceText text) {
        Position whole = Position.whole(text.name());
        switch (Dialect.of(text)) {
            case AWS_TEXT -> add(AwsTextReader.read(text, choices, findings));
            case AWS_XML -> add(AwsXmlReader.read(text, choices, findings));
            case IPSEC_CONF -> {
                IpsecConfReader.Contents said = IpsecConfReader.read(text, choices, findings);
                List<LoweredConn> conns = said.conns();
                IpsecD directory = new IpsecD(text);
                IpsecConfReader.tellLooseMarks(conns, findings);
                conns.forEach(c -> connections.add(c.spec()));
                more.add(
                        new VpnSpec(
                                List.of(),
                                List.of(),
                                List.of(),
                                directory.certificates(said, findings),
                                pools(conns),
                                directory.authorities(said, findings)));
            }
            case IPSEC_SECRETS -> {
                SecretsReader.Contents said = SecretsReader.read(text, findings);
                secrets.addAll(said.secrets());
                more.add(
                        new VpnSpec(
                                List.of(),
                                List.of(),
                                said.keys(),
                                List.of(),
                                List.of(),
                                List.of()));
            }
            case EMPTY -> findings.warning(whole, "is empty: nothing but blanks and comments");
            case SWANCTL -> more.add(SwanctlReader.read(text, choices, findings));
            case CISCO ->
                    findings.error(
                            whole,
                            "is a Cisco configuration, which a later release reads; download the"
                                    + " strongSwan one from AWS");
            case WIREGUARD -> findings.error(whole, "is for WireGuard; Sallyport speaks IPsec");
            case OPENVPN -> findings.error(whole, "is for OpenVPN; Sallyport speaks IPsec");
            case UNKNOWN ->
                    findings.error(
                            whole,
                            "is none of: AWS's strongSwan text, AWS's XML, swanctl.conf, ipsec.conf,"
                                    + " ipsec.secrets");
        }
    }

    /// The pools of an ipsec.conf, each once: a network has one set of name servers.
    private List<PoolSpec> pools(List<LoweredConn> conns) {
        Map<String, PoolSpec> pools = new LinkedHashMap<>();
        for (LoweredConn conn : conns) {
            for (PoolSpec pool : conn.pools()) {
                PoolSpec before = pools.putIfAbsent(pool.name(), pool);
                if (before != null && !before.attributes().equals(pool.attributes())) {
                    findings.warning(
                            conn.at(),
                            "conn "
                                    + conn.name()
                                    + " lends out of "
                                    + pool.name()
                                    + " as "
                                    + before.origin()
                                    + " does, whose rightdns holds for both");
                }
            }
        }
        return List.copyOf(pools.values());
    }

    private void add(AwsReading reading) {
        connections.addAll(reading.connections());
        secrets.addAll(reading.secrets());
    }
}
