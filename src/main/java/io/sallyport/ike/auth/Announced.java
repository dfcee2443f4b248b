package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.CertificateRequest;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.AuthAnnouncement;
import io.sallyport.wire.ike.v2.number.AuthMethod;
import io.sallyport.wire.ike.v2.number.CertificateEncoding;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// By which methods a peer says that it can check our proof (RFC 9593): it chooses among the keys
/// and schemes that our configuration allows anyway, and where it fits none of them it changes
/// nothing. So whoever strikes out a part of it, before AUTH covers it, has us use another of our
/// own ways at most.
///
/// @param said whether there was such a word; one without a method promises them in
///   IKE_INTERMEDIATE
public record Announced(boolean said, List<Way> ways) {
    public static final Announced NOTHING = new Announced(false, List.of());

    /// One way to prove an end.
    ///
    /// @param method of an AUTH payload
    /// @param scheme of a signature by method 14; empty for another method
    /// @param authority by whose certificates alone; empty: by any
    public record Way(int method, Optional<SignatureScheme> scheme, Optional<Octets> authority) {}

    public Announced {
        ways = List.copyOf(ways);
    }

    /// What a message announces. Its links point into the CERTREQs beside it; where there are none,
    /// into `before`, what was asked for in IKE_SA_INIT. RFC 9593, 3.1, leaves it to us to do so
    /// where a responder does not repeat its CERTREQs.
    public static Announced of(PayloadChain chain, List<Octets> before) {
        Optional<Notify> said = chain.notify(NotifyType.SUPPORTED_AUTH_METHODS.number());
        if (said.isEmpty()) {
            return NOTHING;
        }
        try {
            List<Octets> here = authorities(chain);
            List<Way> ways = new ArrayList<>();
            for (AuthAnnouncement one : AuthAnnouncement.of(said.get())) {
                way(one, here.isEmpty() ? before : here).ifPresent(ways::add);
            }
            return new Announced(true, ways);
        } catch (MalformedException _) {
            return NOTHING; // as if it had not been said
        }
    }

    /// RFC 9593, 3.2.2: where several CERTREQs came, their CAs are "treated as a single list".
    /// Those for OCSP name responders, who are no CAs (RFC 4806, 3.1).
    public static List<Octets> authorities(PayloadChain chain) {
        return chain.all(CertificateRequest.class).stream()
                .filter(r -> r.encoding() != CertificateEncoding.OCSP_CONTENT)
                .flatMap(r -> r.authorities().stream())
                .toList();
    }

    /// Empty for what we do not know, and for what is said of a CA that nobody named.
    private static Optional<Way> way(AuthAnnouncement one, List<Octets> authorities) {
        Optional<SignatureScheme> scheme =
                SignatureScheme.byAlgorithmIdentifier(one.algorithm())
                        .filter(_ -> !one.algorithm().isEmpty());
        int link = one.certificateLink();
        // RFC 9593, 3.2.2: without any CERTREQ the link is "ignored and treated as zero"
        boolean any = link == 0 || authorities.isEmpty();
        if (AuthMethod.byNumber(one.method()).isEmpty()
                || one.method() == SignatureScheme.DIGITAL_SIGNATURE && scheme.isEmpty()
                || !any && link > authorities.size()) {
            return Optional.empty();
        }
        return Optional.of(
                new Way(
                        one.method(),
                        scheme,
                        any ? Optional.empty() : Optional.of(authorities.get(link - 1))));
    }

    /// Whether the methods come with an answer to IKE_INTERMEDIATE.
    public boolean isPromised() {
        return said && ways.isEmpty();
    }

    /// Whether some way is known, so that there is something to choose by.
    public boolean names() {
        return !ways.isEmpty();
    }

    /// Whether the peer takes such a signature.
    ///
    /// @param named by method 14
    /// @param leadsTo the authorities over our certificate, as a CERTREQ names them
    boolean takes(SignatureScheme scheme, boolean named, List<Octets> leadsTo) {
        return ways.stream()
                .filter(w ->
                        named
                                ? w.scheme().filter(s -> s == scheme).isPresent()
                                : w.method() == scheme.method())
                .anyMatch(w -> w.authority().isEmpty() || leadsTo.contains(w.authority().get()));
    }

    /// What is known now: a later word counts, if it says something.
    public Announced or(Announced later) {
        return later.names() ? later : this;
    }
}
