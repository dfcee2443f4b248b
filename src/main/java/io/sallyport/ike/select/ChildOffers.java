package io.sallyport.ike.select;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.SaProtocol;
import io.sallyport.wire.ike.v2.Proposal;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.Transform;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import io.sallyport.wire.ike.v2.number.TransformType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Proposals for a child SA of IKEv2.
public final class ChildOffers {
    private ChildOffers() {}

    /// What was agreed on.
    ///
    /// @param additional key exchanges after that of the suite's group, in order (RFC 9370)
    /// @param peerSpi what the peer wants to receive with
    /// @param proposal as the answer states it, but for the SPI
    public record Choice(EspSuite suite, List<Group> additional, int peerSpi, Proposal proposal) {
        public Choice {
            additional = List.copyOf(additional);
        }

        /// The SA payload that answers.
        public SaPayload answer(int ourSpi) {
            return new SaPayload(
                    List.of(
                            new Proposal(
                                    proposal.number(),
                                    proposal.protocolId(),
                                    Octets.ofInt(ourSpi),
                                    proposal.transforms())));
        }
    }

    public static int protocolId(SaProtocol protocol) {
        return protocol == SaProtocol.AH ? ProtocolId.AH : ProtocolId.ESP;
    }

    private record Wanted(int protocolId, Map<Integer, List<Transform>> transforms) {}

    /// What of the configuration an engine offers.
    ///
    /// @param withGroups false in IKE_AUTH, whose child takes its keys from the IKE SA: RFC 7296,
    ///   1.2: "IKE_AUTH messages do not contain KEi/KEr or Ni/Nr payloads", so there is no group to
    ///   negotiate
    private static List<Wanted> wanted(
            List<EspProposal> proposals, Crypto crypto, boolean withGroups) {
        List<Wanted> all = new ArrayList<>();
        for (EspProposal p : proposals) {
            if (p.protocol() == SaProtocol.AH) {
                List<Integrity> integrity =
                        p.integrity().stream()
                                .filter(i -> crypto.offers(EspSuite.ah(i, Group.NONE, p.esn())))
                                .toList();
                add(all, p, List.of(), integrity, crypto, withGroups);
                continue;
            }
            boolean aeadFirst = p.ciphers().getFirst().encryption().isAead();
            for (boolean aead : new boolean[] {aeadFirst, !aeadFirst}) {
                List<Cipher> ciphers =
                        p.ciphers().stream()
                                .filter(c ->
                                        c.encryption().isAead() == aead
                                                && isOffered(c, aead, p, crypto))
                                .toList();
                if (!ciphers.isEmpty()) {
                    add(all, p, ciphers, aead ? List.of() : p.integrity(), crypto, withGroups);
                }
            }
        }
        return all;
    }

    private static boolean isOffered(Cipher c, boolean aead, EspProposal p, Crypto crypto) {
        List<Integrity> with = aead ? List.of(Integrity.NONE) : p.integrity();
        return !with.isEmpty()
                && with.stream()
                        .allMatch(i -> crypto.offers(new EspSuite(c, i, Group.NONE, p.esn())));
    }

    private static void add(
            List<Wanted> all,
            EspProposal p,
            List<Cipher> ciphers,
            List<Integrity> integrity,
            Crypto crypto,
            boolean withGroups) {
        if (ciphers.isEmpty() && integrity.isEmpty()) {
            return;
        }
        List<Group> groups =
                withGroups
                        ? p.groups().stream()
                                .filter(g -> g == Group.NONE || crypto.offers(g))
                                .toList()
                        : List.of();
        Optional<List<Transform>> additional =
                withGroups ? Transforms.additional(p.additional(), crypto) : Optional.of(List.of());
        if (withGroups && groups.isEmpty() && !p.groups().isEmpty() || additional.isEmpty()) {
            return;
        }
        all.add(
                new Wanted(
                        protocolId(p.protocol()),
                        Transforms.byType(
                                Stream.of(
                                                ciphers.stream().map(Transforms::of),
                                                integrity.stream().map(Transforms::of),
                                                groups.stream().map(Transforms::of),
                                                additional.get().stream(),
                                                Stream.of(Transforms.esn(p.esn())))
                                        .flatMap(s -> s))));
    }

    /// Everything that we are ready for, in order of preference; empty if no engine offers any.
    public static Optional<SaPayload> offer(
            List<EspProposal> proposals, Crypto crypto, boolean withGroups, int spi) {
        List<Proposal> all = new ArrayList<>();
        for (Wanted w : wanted(proposals, crypto, withGroups)) {
            if (all.size() < SaPayload.MAX_PROPOSALS) {
                all.add(
                        new Proposal(
                                all.size() + 1,
                                w.protocolId(),
                                Octets.ofInt(spi),
                                Transforms.flat(w.transforms())));
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(new SaPayload(all));
    }

    /// The groups of an offer, in order; empty: no PFS.
    public static List<Group> groups(List<EspProposal> proposals, Crypto crypto) {
        return proposals.stream()
                .flatMap(p -> p.groups().stream())
                .filter(g -> g != Group.NONE && crypto.offers(g))
                .distinct()
                .toList();
    }

    /// As responder: the first of our proposals that fits one of theirs.
    public static Optional<Choice> choose(
            List<EspProposal> ours, Crypto crypto, boolean withGroups, SaPayload theirs) {
        for (Wanted w : wanted(ours, crypto, withGroups)) {
            for (Proposal p : theirs.proposals()) {
                if (p.protocolId() == w.protocolId()) {
                    Optional<Choice> choice =
                            Transforms.match(w.transforms(), withGroups ? p : withoutGroups(p))
                                    .flatMap(c -> choice(p, c));
                    if (choice.isPresent()) {
                        return choice;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /// A peer that names groups in IKE_AUTH all the same means those of later rekeyings.
    private static Proposal withoutGroups(Proposal p) {
        return new Proposal(
                p.number(),
                p.protocolId(),
                p.spi(),
                p.transforms().stream()
                        .filter(t ->
                                t.transformType() != TransformType.KEY_EXCHANGE
                                        && !TransformType.isAdditional(t.transformType()))
                        .toList());
    }

    /// As initiator: what the peer chose from our offer; empty if it could not.
    public static Optional<Choice> accept(SaPayload offer, SaPayload answer) {
        return Transforms.chosen(offer, answer).flatMap(p -> choice(p, p.transforms()));
    }

    private static Optional<Choice> choice(Proposal p, List<Transform> chosen) {
        Optional<Integrity> integrity = Transforms.integrity(chosen);
        Optional<Group> group = Transforms.group(chosen);
        Optional<List<Group>> additional = Transforms.additional(chosen);
        boolean ah = p.protocolId() == ProtocolId.AH;
        Optional<Cipher> cipher =
                ah ? Optional.of(Cipher.of(Encryption.NULL)) : Transforms.cipher(chosen);
        int spi = p.spi().buffer().getInt();
        // RFC 4303, 2.1: "The set of SPI values in the range 1 through 255 are reserved"
        if (cipher.isEmpty()
                || integrity.isEmpty()
                || group.isEmpty()
                || additional.isEmpty()
                || !Transforms.areDistinct(group.get(), additional.get())
                || group.get() == Group.NONE && !additional.get().isEmpty()
                || Integer.compareUnsigned(spi, 255) <= 0
                || cipher.get().encryption().isAead() != (integrity.get() == Integrity.NONE)) {
            return Optional.empty();
        }
        EspSuite suite =
                new EspSuite(
                        cipher.get(),
                        integrity.get(),
                        group.get(),
                        Transforms.esn(chosen),
                        ah ? SaProtocol.AH : SaProtocol.ESP);
        return Optional.of(
                new Choice(
                        suite,
                        additional.get(),
                        spi,
                        new Proposal(p.number(), p.protocolId(), p.spi(), chosen)));
    }

    public static String describe(SaPayload sa) {
        return Transforms.describe(sa);
    }

    public static String describe(List<EspProposal> proposals) {
        return String.join(", ", proposals.stream().map(EspProposal::toString).toList());
    }
}
