package io.sallyport.ike.v1.offer;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.Proposal;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.Transform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Phase 1 offers: suites to transforms and back (RFC 2409, appendix A).
public final class Phase1Proposals {
    private static final int KEY_IKE = 1;
    private static final int ENCRYPTION = 1;
    private static final int HASH = 2;
    private static final int AUTHENTICATION = 3;
    private static final int GROUP = 4;
    private static final int LIFE_TYPE = 11;
    private static final int LIFE_DURATION = 12;
    private static final int KEY_LENGTH = 14;
    private static final int SECONDS = 1;
    private static final int MOST_TRANSFORMS = 255;

    private Phase1Proposals() {}

    /// Every suite that the proposals allow, IKEv1 can name and an engine offers, in order of
    /// preference.
    public static List<IkeSuite> suites(List<IkeProposal> proposals, Crypto crypto) {
        Set<IkeSuite> suites = new LinkedHashSet<>();
        for (IkeProposal p : proposals) {
            if (p.needsAdditional()) {
                continue; // IKEv1 has one key exchange
            }
            for (Cipher cipher : p.ciphers()) {
                for (Prf prf : p.prfs()) {
                    for (Group group : p.groups()) {
                        if (cipher.encryption().ikev1() != Encryption.NO_NUMBER
                                && cipher.encryption().blockOctets() > 1
                                && prf.ikev1Hash() != Encryption.NO_NUMBER
                                && group.isForIkev1()
                                && crypto.offers(cipher)
                                && crypto.offers(prf)
                                && crypto.offers(group)) {
                            suites.add(new IkeSuite(cipher, Integrity.NONE, prf, group));
                        }
                    }
                }
            }
        }
        return List.copyOf(suites);
    }

    /// Each suite by each method, up to what one proposal can number.
    public static SaPayload offer(
            List<IkeSuite> suites, List<AuthenticationMethod> methods, long lifeSeconds) {
        List<Transform> transforms = new ArrayList<>();
        for (IkeSuite suite : suites) {
            for (AuthenticationMethod method : methods) {
                if (transforms.size() < MOST_TRANSFORMS) {
                    transforms.add(
                            new Transform(
                                    transforms.size() + 1,
                                    KEY_IKE,
                                    attributes(suite, method, lifeSeconds)));
                }
            }
        }
        return SaPayload.ipsec(
                List.of(new Proposal(1, ProtocolId.ISAKMP, Octets.EMPTY, transforms)));
    }

    private static List<Attribute> attributes(
            IkeSuite suite, AuthenticationMethod method, long lifeSeconds) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(Attribute.basic(ENCRYPTION, suite.cipher().encryption().ikev1()));
        if (suite.cipher().encryption().hasKeyLength()) {
            attributes.add(Attribute.basic(KEY_LENGTH, suite.cipher().keyBits()));
        }
        attributes.add(Attribute.basic(HASH, suite.prf().ikev1Hash()));
        attributes.add(Attribute.basic(GROUP, suite.group().number()));
        attributes.add(Attribute.basic(AUTHENTICATION, method.number()));
        attributes.add(Attribute.basic(LIFE_TYPE, SECONDS));
        attributes.add(Attribute.number(LIFE_DURATION, lifeSeconds));
        return attributes;
    }

    /// All transforms of an SA payload that mean something to us.
    public static List<Phase1Offer> understood(SaPayload sa) {
        List<Phase1Offer> offers = new ArrayList<>();
        for (Proposal p : sa.proposals()) {
            if (p.protocolId() == ProtocolId.ISAKMP) {
                for (Transform t : p.transforms()) {
                    understand(t).ifPresent(offers::add);
                }
            }
        }
        return offers;
    }

    private static Optional<Phase1Offer> understand(Transform t) {
        Optional<AuthenticationMethod> method =
                AuthenticationMethod.byNumber(number(t, AUTHENTICATION).orElse(-1));
        if (t.transformId() != KEY_IKE || method.isEmpty()) {
            return Optional.empty();
        }
        long encryption = number(t, ENCRYPTION).orElse(-1);
        long hash = number(t, HASH).orElse(-1);
        // RFC 2409, 4: the group is mandatory; there is no default to fall back on.
        Optional<Group> group =
                Group.byNumber((int) number(t, GROUP).orElse(-1)).filter(g -> g != Group.NONE);
        Optional<Cipher> cipher = cipher(encryption, number(t, KEY_LENGTH));
        Optional<Prf> prf = Optional.empty();
        for (Prf candidate : Prf.values()) {
            if (candidate.ikev1Hash() == hash) {
                prf = Optional.of(candidate);
            }
        }
        if (group.isEmpty() || cipher.isEmpty() || prf.isEmpty()) {
            return Optional.empty();
        }
        IkeSuite suite = new IkeSuite(cipher.get(), Integrity.NONE, prf.get(), group.get());
        return Optional.of(new Phase1Offer(suite, method.get(), lifeSeconds(t), t));
    }

    private static Optional<Cipher> cipher(long number, OptionalLong keyBits) {
        for (Encryption e : Encryption.values()) {
            if (e.ikev1() == number && number != Encryption.NO_NUMBER) {
                if (!e.hasKeyLength()) {
                    return keyBits.isEmpty() ? Optional.of(Cipher.of(e)) : Optional.empty();
                }
                return e.keyBits().stream()
                        .filter(bits -> bits == keyBits.orElse(-1))
                        .findFirst()
                        .map(bits -> Cipher.of(e, bits));
            }
        }
        return Optional.empty();
    }

    private static long lifeSeconds(Transform t) {
        return number(t, LIFE_TYPE).orElse(-1) == SECONDS ? number(t, LIFE_DURATION).orElse(0) : 0;
    }

    private static OptionalLong number(Transform t, int type) {
        return t.attributes().stream()
                .filter(a -> a.type() == type)
                .findFirst()
                .map(Attribute::number)
                .orElse(OptionalLong.empty());
    }

    /// The first of our suites that the peer offered too: our order decides, as AWS and strongSwan
    /// do it.
    ///
    /// @param methods by which this connection proves both its ends: no other is taken for them
    public static Optional<Phase1Offer> choose(
            List<IkeSuite> ours, List<AuthenticationMethod> methods, SaPayload theirs) {
        List<Phase1Offer> offers = understood(theirs);
        for (IkeSuite suite : ours) {
            for (AuthenticationMethod method : methods) {
                for (Phase1Offer offer : offers) {
                    if (offer.suite().equals(suite) && offer.method() == method) {
                        return Optional.of(offer);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /// The answer to a chosen offer: it alone, as it came, under the proposal that held it.
    public static SaPayload answer(SaPayload theirs, Phase1Offer chosen) {
        for (Proposal p : theirs.proposals()) {
            if (p.transforms().contains(chosen.transform())) {
                return SaPayload.ipsec(
                        List.of(
                                new Proposal(
                                        p.number(),
                                        p.protocolId(),
                                        p.spi(),
                                        List.of(chosen.transform()))));
            }
        }
        throw new IllegalStateException("the chosen transform is not in the offer");
    }

    /// What was offered, for a person: `aes128/sha1/modp1024/psk, …`; numbers where we know no
    /// word.
    public static String describe(SaPayload sa) {
        List<String> words = new ArrayList<>();
        for (Proposal p : sa.proposals()) {
            for (Transform t : p.transforms()) {
                words.add(describe(t));
            }
        }
        return String.join(", ", words);
    }

    private static String describe(Transform t) {
        long encryption = number(t, ENCRYPTION).orElse(-1);
        OptionalLong keyBits = number(t, KEY_LENGTH);
        String cipher =
                cipher(encryption, keyBits)
                        .map(Cipher::toString)
                        .orElse(
                                "encryption#"
                                        + encryption
                                        + (keyBits.isPresent() ? "/" + keyBits.getAsLong() : ""));
        long hashNumber = number(t, HASH).orElse(-1);
        String hash = "hash#" + hashNumber;
        for (Prf prf : Prf.values()) {
            if (prf.ikev1Hash() == hashNumber) {
                hash = prf.toString().replaceFirst("^prf", "");
            }
        }
        long groupNumber = number(t, GROUP).orElse(-1);
        String group =
                Group.byNumber((int) groupNumber)
                        .map(Group::toString)
                        .orElse("group#" + groupNumber);
        long authentication = number(t, AUTHENTICATION).orElse(-1);
        return cipher
                + "-"
                + hash
                + "-"
                + group
                + AuthenticationMethod.byNumber(authentication)
                        .map(AuthenticationMethod::suffix)
                        .orElse("-auth#" + authentication);
    }

    public static String describe(List<IkeSuite> suites, List<AuthenticationMethod> methods) {
        List<String> words = new ArrayList<>();
        for (IkeSuite s : suites) {
            methods.forEach(m -> words.add(text(s) + m.suffix()));
        }
        return String.join(", ", words);
    }

    /// `aes128-sha1-modp1024`, as it stands in a configuration.
    public static String text(IkeSuite s) {
        return s.cipher() + "-" + s.prf().toString().replaceFirst("^prf", "") + "-" + s.group();
    }
}
