package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.ike.auth.Announced;
import io.sallyport.ike.auth.Announcements;
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
import io.sallyport.wire.ike.v2.notify.AuthAnnouncement;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.CertificateEncoding;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    /// @param announced how we may prove ourselves (RFC 9593)
    record Asked(
            boolean certificates,
            boolean rawKeys,
            boolean located,
            List<Octets> authorities,
            Announced announced) {
        static final Asked NOTHING = new Asked(false, false, false, List.of(), Announced.NOTHING);

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
                            .toList(),
                    Announced.of(chain, List.of()));
        }

        /// With what is announced after IKE_SA_INIT.
        Asked after(PayloadChain intermediate) {
            return new Asked(
                    certificates,
                    rawKeys,
                    located,
                    authorities,
                    announced.or(Announced.of(intermediate, authorities)));
        }
    }

    /// The hashes that we can check signatures with, as a notify (RFC 7427, 4); none if no engine
    /// checks any.
    static List<Payload> hashes(Crypto crypto) {
        List<HashAlgorithm> known = SchemeChoice.hashes(crypto);
        return known.isEmpty() ? List.of() : List.of(Notices.hashAlgorithms(known));
    }

    /// What a peer is told that one of these connections is for: whose certificates we take, and
    /// what proof. RFC 9593, 3.1: the two stand in one message, which "simplifies their linking".
    ///
    /// @param requests nothing where no signature is demanded
    /// @param methods a SUPPORTED_AUTH_METHODS; empty: there is nothing to choose
    record Demands(List<Payload> requests, Optional<Notify> methods) {
        List<Payload> payloads() {
            List<Payload> all = new ArrayList<>(requests);
            methods.ifPresent(all::add);
            return all;
        }
    }

    static Demands demands(List<ConnectionSpec> connections, EngineContext context) {
        List<Octets> authorities = new ArrayList<>();
        List<Announcements.Demand> demands = new ArrayList<>();
        boolean rawKeys = false;
        boolean ocsp = false;
        for (ConnectionSpec c : connections) {
            CertificateExchange exchange = c.ike().handshake().certificates();
            for (AuthSpec round : c.remote().rounds()) {
                List<Octets> its =
                        round instanceof AuthSpec.Pubkey p
                                ? context.credentials().authorities(p.trust())
                                : List.of();
                demands.add(new Announcements.Demand(round, its));
                if (exchange.request() && round instanceof AuthSpec.Pubkey p) {
                    rawKeys |= !p.keys().isEmpty();
                    ocsp |= exchange.ocsp() == Ocsp.REQUEST || exchange.ocsp() == Ocsp.BOTH;
                    for (Octets authority : its) {
                        if (authorities.size() < MOST_AUTHORITIES
                                && !authorities.contains(authority)) {
                            authorities.add(authority);
                        }
                    }
                }
            }
        }
        List<AuthAnnouncement> methods = Announcements.of(demands, authorities, context.crypto());
        return new Demands(
                requests(authorities, rawKeys, ocsp, context),
                methods.isEmpty() ? Optional.empty() : Optional.of(AuthAnnouncement.emit(methods)));
    }

    private static List<Payload> requests(
            List<Octets> authorities, boolean rawKeys, boolean ocsp, EngineContext context) {
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
