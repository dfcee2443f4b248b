package io.sallyport.ike.v1.offer;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.SaProtocol;
import io.sallyport.model.spec.Mode;
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

/// Phase 2 offers for ESP and AH: suites to transforms and back (RFC 2407, 4.5; RFC 3947, 5.1 for
/// UDP encapsulation).
public final class Phase2Proposals {
    private static final int GROUP = 3;
    private static final int ENCAPSULATION = 4;
    private static final int AUTHENTICATION = 5;
    private static final int KEY_LENGTH = 6;
    private static final int ESN = 11;
    private static final int TUNNEL = 1;
    private static final int TRANSPORT = 2;
    private static final int UDP_TUNNEL = 3;
    private static final int UDP_TRANSPORT = 4;
    private static final int DRAFT_UDP_TUNNEL = 61443;
    private static final int DRAFT_UDP_TRANSPORT = 61444;
    private static final int MOST_TRANSFORMS = 255;

    private Phase2Proposals() {}

    /// Every suite that the proposals allow and an engine offers, in order of preference.
    public static List<EspSuite> suites(List<EspProposal> proposals, Crypto crypto) {
        Set<EspSuite> suites = new LinkedHashSet<>();
        for (EspProposal p : proposals) {
            if (p.needsAdditional()) {
                continue; // IKEv1 has one key exchange
            }
            List<Group> groups = p.groups().isEmpty() ? List.of(Group.NONE) : p.groups();
            for (Cipher cipher : p.ciphers()) {
                if (cipher.encryption().ikev1Esp() == Encryption.NO_NUMBER) {
                    continue;
                }
                boolean aead = cipher.encryption().isAead();
                for (Integrity integrity : aead ? List.of(Integrity.NONE) : p.integrity()) {
                    if (integrity.ikev1() == Encryption.NO_NUMBER) {
                        continue;
                    }
                    for (Group group : groups) {
                        EspSuite suite =
                                new EspSuite(cipher, integrity, group, p.esn(), p.protocol());
                        if (crypto.offers(suite)
                                && (group == Group.NONE
                                        || group.isForIkev1() && crypto.offers(group))) {
                            suites.addAll(within(suite, p.outer(), crypto));
                        }
                    }
                }
            }
        }
        return List.copyOf(suites);
    }

    /// The suite itself, or in each AH that may stand round it.
    private static List<EspSuite> within(EspSuite suite, List<Integrity> outer, Crypto crypto) {
        return outer.isEmpty()
                ? List.of(suite)
                : outer.stream()
                        .map(suite::within)
                        .filter(s -> crypto.offers(s.outerSuite()))
                        .toList();
    }

    /// One exchange has one KE payload, so only the suites with the first one's group go into one
    /// offer.
    public static List<EspSuite> offerable(List<EspSuite> suites) {
        return suites.stream()
                .filter(s -> s.group() == suites.getFirst().group())
                .filter(s -> s.protocol() == suites.getFirst().protocol())
                .filter(s -> s.isBundle() == suites.getFirst().isBundle())
                .limit(MOST_TRANSFORMS)
                .toList();
    }

    /// Our SPIs: `spi` for ESP, or for AH alone; `ahSpi` for the AH of a bundle.
    public record Spis(int spi, int ahSpi) {}

    /// RFC 2408, 4.2: proposals with one number are a logical AND, so a bundle is an AH and an ESP
    /// proposal with number 1; any AH transform goes with any ESP transform.
    public static SaPayload offer(
            List<EspSuite> suites, Spis spis, Mode mode, boolean udp, Phase2Life life) {
        List<EspSuite> inner =
                suites.stream().map(s -> s.within(Integrity.NONE)).distinct().toList();
        List<Proposal> proposals = new ArrayList<>();
        if (suites.getFirst().isBundle()) {
            List<EspSuite> outer = suites.stream().map(EspSuite::outerSuite).distinct().toList();
            proposals.add(proposal(outer, spis.ahSpi(), mode, udp, life));
        }
        proposals.add(proposal(inner, spis.spi(), mode, udp, life));
        return SaPayload.ipsec(proposals);
    }

    private static Proposal proposal(
            List<EspSuite> suites, int spi, Mode mode, boolean udp, Phase2Life life) {
        List<Transform> transforms = new ArrayList<>();
        for (EspSuite suite : suites) {
            int id = transformId(suite);
            transforms.add(
                    new Transform(transforms.size() + 1, id, attributes(suite, mode, udp, life)));
        }
        return new Proposal(1, protocolId(suites.getFirst()), Octets.ofInt(spi), transforms);
    }

    public static int protocolId(EspSuite suite) {
        return suite.isAh() ? ProtocolId.AH : ProtocolId.ESP;
    }

    /// RFC 2407, 4.4.3: AH_MD5 is 2, AH_SHA 3; IANA's registry goes on with AH_SHA2_256 5, 384 6,
    /// 512 7, AES-XCBC-MAC 9, as the authentication attribute does.
    private static int transformId(EspSuite suite) {
        if (!suite.isAh()) {
            return suite.cipher().encryption().ikev1Esp();
        }
        return switch (suite.integrity()) {
            case HMAC_MD5_96 -> 2;
            case HMAC_SHA1_96 -> 3;
            case HMAC_SHA2_256_128, HMAC_SHA2_384_192, HMAC_SHA2_512_256, AES_XCBC_96 ->
                    suite.integrity().ikev1();
            case NONE, AES_CMAC_96 ->
                    throw new IllegalArgumentException("AH with " + suite.integrity());
        };
    }

    private static List<Attribute> attributes(
            EspSuite suite, Mode mode, boolean udp, Phase2Life life) {
        List<Attribute> attributes = new ArrayList<>();
        int tunnel = udp ? UDP_TUNNEL : TUNNEL;
        int transport = udp ? UDP_TRANSPORT : TRANSPORT;
        attributes.add(Attribute.basic(ENCAPSULATION, mode == Mode.TUNNEL ? tunnel : transport));
        if (suite.cipher().encryption().hasKeyLength()) {
            attributes.add(Attribute.basic(KEY_LENGTH, suite.cipher().keyBits()));
        }
        if (suite.integrity() != Integrity.NONE) {
            attributes.add(Attribute.basic(AUTHENTICATION, suite.integrity().ikev1()));
        }
        if (suite.group() != Group.NONE) {
            attributes.add(Attribute.basic(GROUP, suite.group().number()));
        }
        if (suite.esn()) {
            attributes.add(Attribute.basic(ESN, 1));
        }
        attributes.addAll(life.attributes());
        return attributes;
    }

    public static List<Phase2Offer> understood(SaPayload sa) {
        List<Phase2Offer> offers = new ArrayList<>();
        for (int i = 0; i < sa.proposals().size(); i++) {
            Proposal p = sa.proposals().get(i);
            // Proposals with one number belong together (RFC 2408, 4.2): we take lone ESP or AH,
            // and both; ESP with IPComp is no offer to us.
            List<Proposal> unit =
                    sa.proposals().stream().filter(q -> q.number() == p.number()).toList();
            if (unit.size() == 1) {
                offers.addAll(understand(p));
            } else if (unit.size() == 2 && p.protocolId() == ProtocolId.ESP) {
                unit.stream()
                        .filter(q -> q.protocolId() == ProtocolId.AH)
                        .forEach(ah -> offers.addAll(bundles(p, ah)));
            }
        }
        return offers;
    }

    private static List<Phase2Offer> understand(Proposal p) {
        if (!isOurs(p) || p.spi().length() != 4) {
            return List.of();
        }
        return p.transforms().stream().flatMap(t -> understand(p, t).stream()).toList();
    }

    private static List<Phase2Offer> bundles(Proposal esp, Proposal ah) {
        List<Phase2Offer> offers = new ArrayList<>();
        for (Phase2Offer inner : understand(esp)) {
            for (Phase2Offer outer : understand(ah)) {
                inner.within(outer).ifPresent(offers::add);
            }
        }
        return offers;
    }

    private static boolean isOurs(Proposal p) {
        return p.protocolId() == ProtocolId.ESP || p.protocolId() == ProtocolId.AH;
    }

    private static Optional<Phase2Offer> understand(Proposal p, Transform t) {
        int spi = p.spi().buffer().getInt();
        if (Integer.compareUnsigned(spi, 255) <= 0) {
            return Optional.empty();
        }
        boolean ah = p.protocolId() == ProtocolId.AH;
        Optional<Cipher> cipher =
                ah
                        ? Optional.of(Cipher.of(Encryption.NULL))
                        : cipher(t.transformId(), number(t, KEY_LENGTH));
        OptionalLong authentication = number(t, AUTHENTICATION);
        Optional<Integrity> integrity = Optional.empty();
        for (Integrity candidate : Integrity.values()) {
            if (candidate.ikev1() == authentication.orElse(0)) {
                integrity = Optional.of(candidate);
            }
        }
        long groupNumber = number(t, GROUP).orElse(0);
        Optional<Group> group = Group.byNumber((int) groupNumber);
        long mode = number(t, ENCAPSULATION).orElse(-1);
        boolean transport =
                mode == TRANSPORT || mode == UDP_TRANSPORT || mode == DRAFT_UDP_TRANSPORT;
        boolean tunnel = mode == TUNNEL || mode == UDP_TUNNEL || mode == DRAFT_UDP_TUNNEL;
        if (cipher.isEmpty() || integrity.isEmpty() || group.isEmpty() || !transport && !tunnel) {
            return Optional.empty();
        }
        if (cipher.get().encryption().isAead() != (integrity.get() == Integrity.NONE)) {
            return Optional.empty();
        }
        boolean esn = number(t, ESN).orElse(0) == 1;
        EspSuite suite =
                new EspSuite(
                        cipher.get(),
                        integrity.get(),
                        group.get(),
                        esn,
                        ah ? SaProtocol.AH : SaProtocol.ESP);
        // RFC 2407, 4.4.3: the attribute must be there and name the transform's own algorithm
        if (ah && transformId(suite) != t.transformId()) {
            return Optional.empty();
        }
        return Optional.of(
                new Phase2Offer(suite, spi, Phase2Life.parse(t.attributes()), transport, p, t));
    }

    private static Optional<Cipher> cipher(int transformId, OptionalLong keyBits) {
        for (Encryption e : Encryption.values()) {
            if (e.ikev1Esp() == transformId && transformId != Encryption.NO_NUMBER) {
                if (!e.hasKeyLength()) {
                    return Optional.of(Cipher.of(e));
                }
                // RFC 3602, 5.3: the Key Length attribute MUST be there; 128 is what peers mean
                // that leave it out.
                return e.keyBits().stream()
                        .filter(bits -> bits == keyBits.orElse(128))
                        .findFirst()
                        .map(bits -> Cipher.of(e, bits));
            }
        }
        return Optional.empty();
    }

    private static OptionalLong number(Transform t, int type) {
        return t.attributes().stream()
                .filter(a -> a.type() == type)
                .findFirst()
                .map(Attribute::number)
                .orElse(OptionalLong.empty());
    }

    /// The first of our suites that the peer offered too, in the right mode.
    public static Optional<Phase2Offer> choose(List<EspSuite> ours, Mode mode, SaPayload theirs) {
        List<Phase2Offer> offers = understood(theirs);
        for (EspSuite suite : ours) {
            for (Phase2Offer offer : offers) {
                if (offer.suite().equals(suite) && offer.transport() == (mode == Mode.TRANSPORT)) {
                    return Optional.of(offer);
                }
            }
        }
        return Optional.empty();
    }

    /// The answer: the chosen transform as it came, with our SPI; of a bundle both.
    public static SaPayload answer(Phase2Offer chosen, Spis ours) {
        List<Proposal> proposals = new ArrayList<>();
        chosen.ah().ifPresent(ah -> proposals.add(chosen(ah, ours.ahSpi())));
        proposals.add(chosen(chosen, ours.spi()));
        return SaPayload.ipsec(proposals);
    }

    private static Proposal chosen(Phase2Offer offer, int spi) {
        return new Proposal(
                offer.proposal().number(),
                protocolId(offer.suite()),
                Octets.ofInt(spi),
                List.of(offer.transform()));
    }

    public static String describe(SaPayload sa) {
        List<String> words = new ArrayList<>();
        for (Proposal p : sa.proposals()) {
            for (Transform t : p.transforms()) {
                words.add(describe(p, t));
            }
        }
        return String.join(", ", words);
    }

    private static String describe(Proposal p, Transform t) {
        Optional<Phase2Offer> offer = isOurs(p) ? understand(p, t) : Optional.empty();
        if (offer.isPresent()) {
            return offer.get().suite() + (offer.get().transport() ? " (transport)" : "");
        }
        return "protocol#"
                + p.protocolId()
                + "/transform#"
                + t.transformId()
                + "/auth#"
                + number(t, AUTHENTICATION).orElse(0)
                + "/group#"
                + number(t, GROUP).orElse(0);
    }

    public static String describe(List<EspSuite> suites) {
        return String.join(", ", suites.stream().map(EspSuite::toString).toList());
    }
}
