package io.sallyport.config.swanctl;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.config.lower.Addresses;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Proposals;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AddressingSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange;
import io.sallyport.model.spec.ike.HandshakeSpec.Childless;
import io.sallyport.model.spec.ike.HandshakeSpec.Unique;
import io.sallyport.model.spec.ike.PathSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a connection says itself, outside its sections.
final class IkeLowering {
    static final Duration DPD_TIMEOUT = Duration.ofSeconds(150);
    private static final int DEFAULT_PORT_COUNT = 65535;

    private final Fields fields;
    private final Choices choices;
    private final Findings findings;

    IkeLowering(Fields fields, Choices choices, Findings findings) {
        this.fields = fields;
        this.choices = choices;
        this.findings = findings;
    }

    IkeSpec ike() {
        IkeVersion version =
                fields.word(
                        "version",
                        Map.of("0", IkeVersion.ANY, "1", IkeVersion.IKEV1, "2", IkeVersion.IKEV2));
        Times times = times(version);
        return new IkeSpec(
                version,
                Proposals.ike(Proposals.named(fields.setting("proposals")), version, findings)
                        .orElse(List.of()),
                times.life,
                times.reauth,
                dpd(version),
                handshake(),
                path(version));
    }

    private record Times(LifetimeSpec life, Duration reauth) {}

    /// strongSwan: rekeying is off by default where reauth_time is set; over_time is added to both
    /// times; IKEv1 only knows reauthentication.
    private Times times(IkeVersion version) {
        Duration reauth = fields.time("reauth_time");
        Duration rekey =
                fields.said("rekey_time").isEmpty() && reauth.isPositive()
                        ? Duration.ZERO
                        : fields.time("rekey_time");
        Duration longer = reauth.compareTo(rekey) > 0 ? reauth : rekey;
        Duration over = fields.time("over_time", longer.dividedBy(10));
        Duration random = fields.time("rand_time", over);
        if (version == IkeVersion.IKEV1) {
            if (reauth.isPositive() && (rekey.isZero() || reauth.compareTo(rekey) < 0)) {
                rekey = reauth;
            }
            reauth = Duration.ZERO;
        }
        if (rekey.isZero() && reauth.isZero()) {
            return new Times(
                    LifetimeSpec.untilEnd(
                            fields.said("over_time").isPresent() && over.isPositive()
                                    ? over
                                    : LifetimeSpec.UNLIMITED,
                            0,
                            0),
                    Duration.ZERO);
        }
        Duration soft = rekey.isZero() ? reauth : rekey;
        return new Times(LifetimeSpec.ofSoft(soft, over, random, !rekey.isZero(), 0, 0), reauth);
    }

    private DpdSpec dpd(IkeVersion version) {
        Duration delay = fields.time("dpd_delay");
        Duration timeout = fields.time("dpd_timeout");
        if (timeout.isPositive() && (delay.isZero() || version == IkeVersion.IKEV2)) {
            findings.note(
                    fields.setting("dpd_timeout").keyAt(),
                    delay.isZero()
                            ? "dpd_timeout is ignored: dpd_delay is 0, nobody is asked"
                            : "dpd_timeout is ignored: IKEv2 counts retransmissions");
        }
        if (delay.isZero()) {
            return DpdSpec.OFF;
        }
        if (timeout.isZero()) {
            Duration twice = delay.multipliedBy(2);
            timeout = twice.compareTo(DPD_TIMEOUT) > 0 ? twice : DPD_TIMEOUT;
        }
        return new DpdSpec(delay, timeout);
    }

    private HandshakeSpec handshake() {
        return new HandshakeSpec(
                (int) fields.number("keyingtries", 1_000_000),
                fields.word(
                        "unique",
                        Map.of(
                                "never", Unique.NEVER,
                                "no", Unique.NO,
                                "keep", Unique.KEEP,
                                "replace", Unique.REPLACE)),
                fields.truth("aggressive"),
                fields.word(
                        "childless",
                        Map.of(
                                "never", Childless.NEVER,
                                "allow", Childless.ALLOW,
                                "prefer", Childless.PREFER,
                                "force", Childless.FORCE)),
                new CertificateExchange(
                        fields.word(
                                "send_cert",
                                Map.of(
                                        "never", CertificateExchange.Send.NEVER,
                                        "ifasked", CertificateExchange.Send.IF_ASKED,
                                        "always", CertificateExchange.Send.ALWAYS)),
                        fields.truth("send_certreq"),
                        fields.word(
                                "ocsp",
                                Map.of(
                                        "never", CertificateExchange.Ocsp.NEVER,
                                        "reply", CertificateExchange.Ocsp.REPLY,
                                        "request", CertificateExchange.Ocsp.REQUEST,
                                        "both", CertificateExchange.Ocsp.BOTH))),
                new HandshakeSpec.Ppk(
                        Octets.utf8(fields.text("ppk_id")), fields.truth("ppk_required")),
                fields.truth("session_resumption"));
    }

    private PathSpec path(IkeVersion version) {
        String dscp = fields.text("dscp");
        if (!dscp.matches("[01]{6}")) {
            findings.error(
                    fields.setting("dscp").at(),
                    "dscp: '" + Values.shown(dscp) + "' is not six binary digits, e.g. 101110");
            dscp = "0";
        }
        return new PathSpec(
                fields.truth("mobike") && version != IkeVersion.IKEV1,
                fields.word(
                        "fragmentation",
                        Map.of(
                                "yes", PathSpec.Fragmentation.YES,
                                "accept", PathSpec.Fragmentation.ACCEPT,
                                "force", PathSpec.Fragmentation.FORCE,
                                "no", PathSpec.Fragmentation.NO)),
                fields.truth("encap") || choices.behindNat(),
                Integer.parseInt(dscp, 2),
                tcp(version));
    }

    private PathSpec.Tcp tcp(IkeVersion version) {
        PathSpec.Tcp.Use use =
                fields.word(
                        "tcp",
                        Map.of(
                                "yes", PathSpec.Tcp.Use.YES,
                                "no", PathSpec.Tcp.Use.NO,
                                "fallback", PathSpec.Tcp.Use.FALLBACK));
        if (use != PathSpec.Tcp.Use.NO && version == IkeVersion.IKEV1) {
            findings.error(fields.setting("tcp").at(), "tcp: IKEv1 has no TCP (RFC 9329)");
        }
        int port = (int) fields.number("tcp_port", 65535);
        if (port == 0) {
            findings.error(fields.setting("tcp_port").at(), "tcp_port: 0 is no port");
        }
        return new PathSpec.Tcp(use, Math.max(port, 1));
    }

    List<AddressSpec> local() {
        return addresses("local_addrs", choices.local());
    }

    List<AddressSpec> remote() {
        return addresses("remote_addrs", new AddressSpec.Any());
    }

    /// The one to call first: networks only wait.
    private List<AddressSpec> addresses(String key, AddressSpec any) {
        List<AddressSpec> called = new ArrayList<>();
        List<AddressSpec> waiting = new ArrayList<>();
        for (Setting item : fields.list(key)) {
            Optional<AddressSpec> address = Addresses.parse(item.value());
            if (address.isEmpty()) {
                findings.error(
                        item.at(),
                        key
                                + ": '"
                                + Values.shown(item.value())
                                + "' is no address, name, network or range");
            } else if (address.get() instanceof AddressSpec.Any) {
                waiting.add(any);
            } else if (address.get() instanceof AddressSpec.Within) {
                waiting.add(address.get());
            } else {
                called.add(address.get());
            }
        }
        called.addAll(waiting);
        return called.isEmpty() ? List.of(any) : called;
    }

    int port(String key) {
        return (int) fields.number(key, DEFAULT_PORT_COUNT);
    }

    AddressingSpec addressing() {
        List<IpAddress> asked = new ArrayList<>();
        for (Setting item : fields.list("vips")) {
            Optional<IpAddress> address = IpAddress.parse(item.value());
            if (address.isPresent()) {
                asked.add(address.get());
            } else {
                findings.error(
                        item.at(),
                        "vips: '"
                                + Values.shown(item.value())
                                + "' is no address; 0.0.0.0 or :: ask for any");
            }
        }
        return new AddressingSpec(asked, fields.words("pools"), fields.truth("pull"));
    }
}
