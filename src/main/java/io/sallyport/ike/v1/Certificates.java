package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange.Send;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.wire.ike.v1.Certificate;
import io.sallyport.wire.ike.v1.CertificateRequest;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import java.util.ArrayList;
import java.util.List;

/// CERT and CERTREQ payloads of main mode (RFC 2408, 3.9 and 3.10).
final class Certificates {
    /// Message 4 goes to somebody who proved nothing: it stays within one datagram, or nearly.
    private static final int MOST_AUTHORITIES = 20;

    /// Of one peer in one message; a longer chain is nobody's.
    private static final int MOST_SHOWN = 24;

    private Certificates() {}

    /// What a peer asked for.
    ///
    /// @param certificates of X.509, under any of `authorities`
    /// @param authorities their distinguished names in DER; empty: any will do
    record Asked(boolean certificates, List<Octets> authorities) {
        static final Asked NOTHING = new Asked(false, List.of());

        Asked {
            authorities = List.copyOf(authorities);
        }

        static Asked of(PayloadChain chain) {
            List<Octets> names =
                    chain.all(CertificateRequest.class).stream()
                            .filter(r -> r.encoding() == Certificate.X509_SIGNATURE)
                            .map(CertificateRequest::data)
                            .toList();
            return new Asked(
                    !names.isEmpty(),
                    names.stream()
                            .filter(n -> !n.isEmpty())
                            .distinct()
                            .limit(MOST_AUTHORITIES)
                            .toList());
        }

        /// Both of what was asked for at two times.
        Asked and(Asked other) {
            List<Octets> all = new ArrayList<>(authorities);
            other.authorities.stream().filter(a -> !all.contains(a)).forEach(all::add);
            return new Asked(certificates || other.certificates, all);
        }
    }

    /// What we ask a peer for that one of these connections is for: nothing where no signature is
    /// demanded. RFC 2408, 3.10: "If multiple certificates are desired, then multiple Certificate
    /// Request payloads SHOULD be transmitted", each with "the Distinguished Name encoding of the
    /// Issuer Name of an X.509 certificate authority acceptable to the sender".
    static List<Payload> requests(List<ConnectionSpec> connections, EngineContext context) {
        List<Octets> names = new ArrayList<>();
        for (ConnectionSpec c : connections) {
            if (c.ike().handshake().certificates().request()
                    && c.remote().auth() instanceof AuthSpec.Pubkey p) {
                for (Octets name : context.credentials().authorityNames(p.trust())) {
                    if (names.size() < MOST_AUTHORITIES && !names.contains(name)) {
                        names.add(name);
                    }
                }
            }
        }
        return names.stream()
                .<Payload>map(n -> new CertificateRequest(Certificate.X509_SIGNATURE, n))
                .toList();
    }

    /// What we show of our key: its certificate first, then those between it and the authority.
    static List<Payload> shown(OwnKey key, Send when, Asked asked) {
        if (when == Send.NEVER || when == Send.IF_ASKED && !asked.certificates()) {
            return List.of();
        }
        return key.chain().stream()
                .<Payload>map(der -> new Certificate(Certificate.X509_SIGNATURE, der))
                .toList();
    }

    /// What a peer shows, in its order; encodings that nobody judges are left out, PKCS #7 among
    /// them.
    static List<Evidence> evidence(PayloadChain chain) {
        List<Evidence> all = new ArrayList<>();
        for (Certificate c : chain.all(Certificate.class)) {
            if (all.size() == MOST_SHOWN) {
                break;
            }
            switch (c.encoding()) {
                case Certificate.X509_SIGNATURE -> all.add(new Evidence.Certificate(c.data()));
                case Certificate.CRL -> all.add(new Evidence.RevocationList(c.data()));
                default -> {}
            }
        }
        return all;
    }
}
