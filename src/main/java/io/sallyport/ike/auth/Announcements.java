package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.Standing;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.wire.ike.v2.notify.AuthAnnouncement;
import io.sallyport.wire.ike.v2.number.AuthMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// By which methods we can check a peer's proof, as it is told (RFC 9593): those that the
/// configuration takes, of whoever the peer may be.
///
/// ```text
///  psk       02 02                              2 octets: no public key is concerned
///  null      02 0d
///  pubkey    03 09 LINK                         3 octets: a method that is one scheme
///            LEN 0e LINK AlgorithmIdentifier    more: method 14
///  eap       nothing: a method of EAP has no number here
/// ```
///
/// A link is the place of a CA in our CERTREQ, where only what leads to that one may be signed so;
/// 0: any.
public final class Announcements {
    /// A scheme that so many CAs and more stand behind is said of all.
    private static final int MOST_LINKS = 8;

    private Announcements() {}

    /// What one configured round of a peer's authentication demands.
    ///
    /// @param authorities who may vouch, as a CERTREQ names them
    public record Demand(AuthSpec round, List<Octets> authorities) {
        public Demand {
            authorities = List.copyOf(authorities);
        }
    }

    /// @param listed the CAs of our CERTREQ in their order
    /// @return nothing where there is but one way, so that nobody has a choice
    public static List<AuthAnnouncement> of(
            List<Demand> demands, List<Octets> listed, Crypto crypto) {
        Set<AuthAnnouncement> all = new LinkedHashSet<>();
        List<Demand> signed = new ArrayList<>();
        for (Demand demand : demands) {
            switch (demand.round()) {
                case AuthSpec.Psk _ -> all.add(plain(AuthMethod.SHARED_KEY));
                case AuthSpec.Null _ -> all.add(plain(AuthMethod.NULL));
                case AuthSpec.Pubkey _ -> signed.add(demand);
                case AuthSpec.Eap _, AuthSpec.Xauth _ -> {}
            }
        }
        if (signed.isEmpty() && all.size() < 2) {
            return List.of();
        }
        Stream.of(SignatureScheme.values())
                .filter(s -> s.method() != 0 && crypto.offers(s))
                .sorted(Comparator.comparing(Announcements::rank))
                .forEach(s -> {
                    List<Demand> takers = signed.stream().filter(d -> allows(d, s)).toList();
                    if (!takers.isEmpty()) {
                        for (int link : links(takers, signed.size(), listed)) {
                            all.addAll(of(s, link));
                        }
                    }
                });
        return List.copyOf(all);
    }

    private static AuthAnnouncement plain(AuthMethod method) {
        return new AuthAnnouncement(method.number(), 0, Octets.EMPTY);
    }

    /// RFC 9593, 3.1: "ordered by their preference". Ours: short keys before long ones.
    private static int rank(SignatureScheme s) {
        return switch (s.kind()) {
            case EDDSA -> 0;
            case ECDSA -> 1;
            case RSA_PSS -> 2;
            case RSA_PKCS1 -> 3;
            case ECDSA_RAW -> 4;
            case RSA_BARE -> 5;
        };
    }

    private static boolean allows(Demand demand, SignatureScheme s) {
        SignatureRules rules =
                SignatureRules.of(((AuthSpec.Pubkey) demand.round()).trust().schemes());
        return rules.allowsIke(s) && (s.standing() != Standing.BROKEN || rules.names(s));
    }

    /// For which CAs of ours a scheme will do; 0 alone: for any.
    private static List<Integer> links(List<Demand> takers, int inAll, List<Octets> listed) {
        boolean everywhere =
                takers.size() == inAll
                        || takers.stream()
                                .anyMatch(d ->
                                        d.authorities().isEmpty()
                                                || !((AuthSpec.Pubkey) d.round()).keys().isEmpty()
                                                || !listed.containsAll(d.authorities()));
        List<Integer> links =
                takers.stream()
                        .flatMap(d -> d.authorities().stream())
                        .distinct()
                        .map(a -> listed.indexOf(a) + 1)
                        .sorted()
                        .toList();
        return everywhere || links.size() > MOST_LINKS ? List.of(0) : links;
    }

    private static List<AuthAnnouncement> of(SignatureScheme s, int link) {
        List<AuthAnnouncement> both = new ArrayList<>();
        if (!s.algorithmIdentifier().isEmpty()) {
            both.add(
                    new AuthAnnouncement(
                            SignatureScheme.DIGITAL_SIGNATURE, link, s.algorithmIdentifier()));
        }
        if (SchemeChoice.hasMethod(s)) {
            both.add(new AuthAnnouncement(s.method(), link, Octets.EMPTY));
        }
        return both;
    }
}
