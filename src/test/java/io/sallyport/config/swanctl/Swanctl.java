package io.sallyport.config.swanctl;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import java.util.List;

/// What a swanctl.conf in memory came to.
record Swanctl(VpnSpec spec, List<String> findings) {
    /// Everything our format can say, and more than the engine can do.
    static final String RICH =
            """
            connections {
                rw-eap {
                    version = 2
                    local_addrs = 192.0.2.1, 2001:db8::1, 10.0.0.0/8
                    remote_addrs = 10.1.0.0/16, peer.example
                    local_port = 4500
                    proposals = aes256gcm16-prfsha384-ecp384,aes128-sha256-x25519
                    vips = 0.0.0.0, ::
                    pull = no
                    dscp = 101110
                    mobike = no
                    dpd_delay = 30s
                    dpd_timeout = 3m
                    fragmentation = accept
                    childless = prefer
                    send_certreq = no
                    send_cert = always
                    ocsp = both
                    ppk_id = quantum
                    ppk_required = yes
                    keyingtries = 0
                    unique = replace
                    reauth_time = 10h
                    rekey_time = 2h
                    over_time = 10m
                    rand_time = 5m
                    pools = v4, v6
                    local-b {
                        round = 2
                        auth = eap-mschapv2
                        eap_id = carol
                        aaa_id = @aaa.example
                    }
                    local-a {
                        round = 1
                        auth = ike:rsa/pss-sha256
                        certs = moon.pem, /etc/other.pem
                        id = "moon@example.org"
                        cert-token {
                            handle = 0a0b
                            slot = 2
                            module = hsm
                        }
                    }
                    remote {
                        auth = rsa-2048-sha256-ike:pubkey-sha384
                        id = "C=CH, O=example, CN=*"
                        cacerts = ca.pem
                        cacert1 {
                            file = /etc/second.pem
                        }
                        groups = sales, finance
                        cert_policy = 1.3.6.1.4.1.36906.1.1.1
                        revocation = strict
                    }
                    remote2 {
                        auth = eap-tls:ecdsa-384-sha384
                        eap_id = %any
                    }
                    children {
                        net {
                            esp_proposals = aes128gcm16-x25519-esn,aes256-sha512
                            local_ts = 10.1.0.0/16, 10.2.0.0/16[tcp/22], 10.3.0.1-10.3.0.9[17]
                            remote_ts = dynamic
                            rekey_time = 10m
                            life_time = 15m
                            rand_time = 1m
                            life_bytes = 500m
                            life_packets = 1000000
                            updown = /usr/lib/_updown "with # odd \\"signs\\""
                            hostaccess = yes
                            mode = beet
                            policies = no
                            dpd_action = restart
                            close_action = trap
                            start_action = start
                            ipcomp = yes
                            inactivity = 1h
                            reqid = 7
                            priority = 100
                            interface = eth0
                            mark_in = 0x2a/0xff
                            mark_in_sa = yes
                            mark_out = %unique
                            set_mark_out = %same
                            if_id_in = %unique-dir
                            if_id_out = 9
                            label = system_u:object_r:ipsec_spd_t:s0
                            tfc_padding = mtu
                            tfc_rate = 5
                            replay_window = 1024
                            copy_df = no
                            copy_ecn = no
                            copy_dscp = yes
                        }
                        ah {
                            ah_proposals = sha256-modp2048
                            rekey_time = 0
                        }
                    }
                }
                plain {
                    version = 1
                    encap = yes
                    rekey_time = 0
                    remote_addrs = %any
                    local {
                        auth = psk
                    }
                    remote {
                        auth = psk
                    }
                    remote-xauth {
                        auth = xauth-pam
                    }
                }
            }
            secrets {
                ike-moon {
                    id-1 = moon@example.org
                    id-2 = 192.0.2.9
                    secret = 0x0102ff
                }
                eap-carol {
                    id = carol
                    secret = "a \\"quoted\\" one"
                }
                ntlm1 {
                    secret = 0s3q2+7w==
                }
                ppk {
                    id = quantum
                    secret = 0x00112233445566778899aabbccddeeff
                }
                private-x {
                    file = moonKey.pem
                    secret = open sesame
                }
                token-y {
                    handle = 0a0b
                    slot = 2
                    module = hsm
                    pin = "0x12 \\"34\\""
                }
                tokenz {
                    handle = 0c
                    module = /opt/other.so
                }
            }
            pools {
                v4 {
                    addrs = 10.9.0.0/24
                    dns = 10.0.0.1, 2001:db8::53
                    split_include = 10.1.0.0/16
                    subnet = 10.1.0.0/16, 2001:db8:1::/48
                    25 = example.org
                }
                v6 {
                    addrs = fec3::1-fec3::ff
                }
            }
            authorities {
                root {
                    cacert = root.pem
                    crl_uris = http://crl.example/a.crl, file:///b.crl
                    ocsp_uris = http://ocsp.example:8880
                    cert_uri_base = http://certs.example/
                }
                hardware {
                    handle = 0d
                    slot = 2
                    module = hsm
                }
            }
            pkcs11 {
                hsm {
                    path = /usr/lib/hsm.so
                }
            }
            """;

    static Swanctl read(String text) {
        Findings findings = new Findings();
        VpnSpec spec =
                SwanctlReader.read(
                        SourceText.of("/nowhere/swanctl.conf", text), Choices.NONE, findings);
        return new Swanctl(
                withoutOrigins(spec), findings.list().stream().map(Diagnostic::toString).toList());
    }

    /// One connection with one child.
    static Swanctl child(String... settings) {
        return read(
                "connections {\nc {\nversion = 1\nremote_addrs = 192.0.2.2\n"
                        + "local {\nauth = psk\n}\nremote {\nauth = psk\n}\nchildren {\nnet {\n"
                        + String.join("\n", settings)
                        + "\n}\n}\n}\n}\n");
    }

    /// One connection.
    static Swanctl connection(String... settings) {
        return read("connections {\nc {\n" + String.join("\n", settings) + "\n}\n}\n");
    }

    ConnectionSpec only() {
        return spec.connections().getFirst();
    }

    List<String> complaints() {
        return findings.stream()
                .filter(f -> !f.contains(": note: "))
                .map(f -> f.replace("/nowhere/swanctl.conf:", ""))
                .toList();
    }

    private static VpnSpec withoutOrigins(VpnSpec spec) {
        return new VpnSpec(
                spec.connections().stream().map(Swanctl::bare).toList(),
                spec.secrets().stream().map(s -> s.from(Origin.NONE)).toList(),
                spec.keys().stream()
                        .map(k -> new PrivateKeySpec(k.kind(), bare(k.source()), k.passphrase()))
                        .toList(),
                spec.certificates().stream()
                        .map(c -> new CertificateSpec(c.kind(), bare(c.source())))
                        .toList(),
                spec.pools().stream()
                        .map(p ->
                                new PoolSpec(p.name(), p.addresses(), p.attributes(), Origin.NONE))
                        .toList(),
                spec.authorities().stream()
                        .map(a ->
                                new AuthoritySpec(
                                        a.name(),
                                        bare(a.certificate()),
                                        a.crlUris(),
                                        a.ocspUris(),
                                        a.uriBase(),
                                        Origin.NONE))
                        .toList(),
                spec.modules().stream()
                        .map(m -> new ModuleSpec(m.name(), m.path(), Origin.NONE))
                        .toList());
    }

    private static ConnectionSpec bare(ConnectionSpec c) {
        return new ConnectionSpec(
                c.name(),
                bare(c.local()),
                bare(c.remote()),
                c.ike(),
                c.addressing(),
                c.children(),
                Origin.NONE);
    }

    private static PeerSpec bare(PeerSpec end) {
        return new PeerSpec(
                end.addresses(), end.port(), end.rounds().stream().map(Swanctl::bare).toList());
    }

    private static AuthSpec bare(AuthSpec auth) {
        return switch (auth) {
            case AuthSpec.Pubkey p ->
                    new AuthSpec.Pubkey(
                            p.identity(),
                            p.certificates().stream().map(Swanctl::bare).toList(),
                            p.keys().stream().map(Swanctl::bare).toList(),
                            bare(p.trust()));
            case AuthSpec.Eap e ->
                    new AuthSpec.Eap(
                            e.identity(),
                            e.method(),
                            e.vendor(),
                            e.eapIdentity(),
                            e.certificates().stream().map(Swanctl::bare).toList(),
                            e.server(),
                            bare(e.trust()));
            case AuthSpec.Psk _, AuthSpec.Xauth _, AuthSpec.Null _ -> auth;
        };
    }

    private static TrustSpec bare(TrustSpec t) {
        return new TrustSpec(
                t.authorities().stream().map(Swanctl::bare).toList(),
                t.authority(),
                t.groups(),
                t.policies(),
                t.schemes(),
                t.revocation());
    }

    private static KeySource bare(KeySource source) {
        return switch (source) {
            case KeySource.File f -> new KeySource.File(f.path(), Origin.NONE);
            case KeySource.Inline i -> new KeySource.Inline(i.data(), Origin.NONE);
            case KeySource.Token t ->
                    new KeySource.Token(t.handle(), t.slot(), t.module(), Origin.NONE);
        };
    }
}
