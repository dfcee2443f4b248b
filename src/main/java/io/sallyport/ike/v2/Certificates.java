package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.ike.auth.SchemeChoice;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange.Ocsp;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange.Send;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.wire.ike.v2.Certificate;
import io.sallyport.wire.ike.v2.CertificateRequest;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.CertificateEncoding;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;

/// CERT and CERTREQ payloads (RFC 7296, 3.6 and 3.7; RFC 7670).
final class Certificates {
    /// So that IKE_SA_INIT, which cannot be fragmented, stays a small message.
    private static final int MOST_AUTHORITIES = 40;

    /// Of one peer in one message; a longer chain is nobody's.
    private static final int MOST_SHOWN = 24;

    private Certificates() {}

    /// What a peer asked for.
    ///
    /// @param certificates of X.509, under any of `authorities`
    /// @param rawKeys RFC 7670, 3
    /// @param located it fetches certificates that we only say the place of
    /// @param authorities SHA-1 hashes of their public keys
    record Asked(boolean certificates, boolean rawKeys, boolean located, List<Octets> authorities) {
        static final Asked NOTHING = new Asked(false, false, false, List.of());

        Asked {
            authorities = List.copyOf(authorities);
        }

        static Asked of(PayloadChain chain) {
            List<CertificateRequest> all = chain.all(CertificateRequest.class);
            return new Asked(
                    all.stream().anyMatch(r -> r.encoding() == CertificateEncoding.X509_SIGNATURE),
                    all.stream().anyMatch(r -> r.encoding() == CertificateEncoding.RAW_PUBLIC_KEY),
                    // RFC 7296, 3.10.1: "indicates that the sender is capable of looking up
                    // certificates based on an HTTP-based URL (and hence presumably would prefer
                    // to receive certificate specifications in that format)"
                    chain.notify(NotifyType.HTTP_CERT_LOOKUP_SUPPORTED.number()).isPresent(),
                    all.stream()
                            .filter(r -> r.encoding() == CertificateEncoding.X509_SIGNATURE)
                            .flatMap(r -> r.authorities().stream())
                            .distinct()
                            .toList());
        }

        /// Both of what was asked for at two times.
        Asked and(Asked other) {
            List<Octets> all = new ArrayList<>(authorities);
            other.authorities.stream().filter(a -> !all.contains(a)).forEach(all::add);
            return new Asked(
                    certificates || other.certificates,
                    rawKeys || other.rawKeys,
                    located || other.located,
                    List.copyOf(all));
        }
    }

    /// The hashes that we can check signatures with, as a notify (RFC 7427, 4); none if no engine
    /// checks any.
    static List<Payload> hashes(Crypto crypto) {
        List<HashAlgorithm> known = SchemeChoice.hashes(crypto);
        return known.isEmpty() ? List.of() : List.of(Notices.hashAlgorithms(known));
    }

    /// What we ask a peer for that one of these connections is for: nothing where no signature is
    /// demanded.
    static List<Payload> requests(List<ConnectionSpec> connections, EngineContext context) {
        List<Octets> authorities = new ArrayList<>();
        boolean rawKeys = false;
        boolean ocsp = false;
        for (ConnectionSpec c : connections) {
            CertificateExchange exchange = c.ike().handshake().certificates();
            if (!exchange.request()) {
                continue;
            }
            for (AuthSpec round : c.remote().rounds()) {
                if (round instanceof AuthSpec.Pubkey p) {
                    rawKeys |= !p.keys().isEmpty();
                    ocsp |= exchange.ocsp() == Ocsp.REQUEST || exchange.ocsp() == Ocsp.BOTH;
                    for (Octets authority : context.credentials().authorities(p.trust())) {
                        if (authorities.size() < MOST_AUTHORITIES
                                && !authorities.contains(authority)) {
                            authorities.add(authority);
                        }
                    }
                }
            }
        }
        List<Payload> requests = new ArrayList<>();
        if (!authorities.isEmpty()) {
            requests.add(CertificateRequest.of(CertificateEncoding.X509_SIGNATURE, authorities));
            if (context.credentials().fetchesCertificates()) {
                requests.add(Notify.of(NotifyType.HTTP_CERT_LOOKUP_SUPPORTED));
            }
        }
        if (rawKeys) {
            // RFC 7670, 3: "the Certification Authority field ... MUST be empty"
            requests.add(CertificateRequest.of(CertificateEncoding.RAW_PUBLIC_KEY, List.of()));
        }
        if (ocsp) {
            // RFC 4806, 3.1: without hashes any responder will do, who is then judged as one that
            // we asked ourselves
            requests.add(CertificateRequest.of(CertificateEncoding.OCSP_CONTENT, List.of()));
        }
        return requests;
    }

    /// What we show of our key. RFC 7296, 3.6: the certificate that AUTH is checked by comes first.
    static List<Payload> shown(OwnKey key, Send when, Asked asked) {
        boolean wanted = key.isRaw() ? asked.rawKeys() : asked.certificates();
        if (when == Send.NEVER || when == Send.IF_ASKED && !wanted) {
            return List.of();
        }
        if (key.isRaw()) {
            return List.of(new Certificate(CertificateEncoding.RAW_PUBLIC_KEY, key.publicKey()));
        }
        List<Payload> certificates = new ArrayList<>();
        for (Octets der : key.chain()) {
            Evidence.Located place = asked.located() ? key.places().get(der) : null;
            certificates.add(
                    place == null
                            ? new Certificate(CertificateEncoding.X509_SIGNATURE, der)
                            : new Certificate(
                                    CertificateEncoding.HASH_AND_URL_X509,
                                    Octets.concat(place.sha1(), Octets.ascii(place.url()))));
        }
        return certificates;
    }

    /// What a peer shows, in its order; encodings that nobody judges are left out.
    static List<Evidence> evidence(PayloadChain chain) {
        List<Evidence> all = new ArrayList<>();
        for (Certificate c : chain.all(Certificate.class)) {
            if (all.size() == MOST_SHOWN) {
                break;
            }
            switch (c.encoding()) {
                case CertificateEncoding.X509_SIGNATURE ->
                        all.add(new Evidence.Certificate(c.data()));
                case CertificateEncoding.RAW_PUBLIC_KEY -> all.add(new Evidence.RawKey(c.data()));
                case CertificateEncoding.CRL -> all.add(new Evidence.RevocationList(c.data()));
                case CertificateEncoding.OCSP_CONTENT -> all.add(new Evidence.OcspAnswer(c.data()));
                default ->
                        c.hashAndUrl()
                                .ifPresent(l ->
                                        all.add(
                                                new Evidence.Located(
                                                        l.hash(),
                                                        l.url(),
                                                        c.encoding()
                                                                == CertificateEncoding
                                                                        .HASH_AND_URL_BUNDLE)));
            }
        }
        return all;
    }
}
