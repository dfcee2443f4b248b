package io.sallyport.ike.select;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.wire.ike.v2.Proposal;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.Transform;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import io.sallyport.wire.ike.v2.number.TransformType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Proposals for an IKE SA of IKEv2.
public final class IkeOffers {
    private IkeOffers() {}

    /// What was agreed on.
    ///
    /// @param peerSpi the SPI in the peer's proposal; 0 in IKE_SA_INIT, where the header has it
    /// @param proposal as the answer states it, without an SPI
    public record Choice(IkeSuite suite, long peerSpi, Proposal proposal) {
        /// The SA payload that answers.
        ///
        /// @param ourSpi 0 in IKE_SA_INIT
        public SaPayload answer(long ourSpi) {
            return new SaPayload(
                    List.of(
                            new Proposal(
                                    proposal.number(),
                                    ProtocolId.IKE,
                                    spi(ourSpi),
                                    proposal.transforms())));
        }
    }

    private static Octets spi(long spi) {
        return spi == 0 ? Octets.EMPTY : Octets.ofLong(spi);
    }

    /// What of the configuration an engine offers. Ciphers with and without integrity of their own
    /// go into proposals of their own: RFC 7296, 3.3: an AEAD must not stand beside an integrity
    /// algorithm that is not NONE.
    private static List<Map<Integer, List<Transform>>> wanted(
            List<IkeProposal> proposals, Crypto crypto) {
        List<Map<Integer, List<Transform>>> all = new ArrayList<>();
        for (IkeProposal p : proposals) {
            for (boolean aead :
                    firstKind(p) ? new boolean[] {true, false} : new boolean[] {false, true}) {
                List<Cipher> ciphers =
                        p.ciphers().stream()
                                .filter(c -> c.encryption().isAead() == aead && crypto.offers(c))
                                .toList();
                List<Integrity> integrity =
                        aead
                                ? List.of()
                                : p.integrity().stream()
                                        .filter(i ->
                                                i != Integrity.NONE && crypto.offers(Prf.of(i)))
                                        .toList();
                List<Prf> prfs = p.prfs().stream().filter(crypto::offers).toList();
                List<Group> groups = p.groups().stream().filter(crypto::offers).toList();
                Optional<List<Transform>> additional =
                        Transforms.additional(p.additional(), crypto);
                if (additional.isEmpty()
                        || ciphers.isEmpty()
                        || prfs.isEmpty()
                        || groups.isEmpty()
                        || !aead && integrity.isEmpty()) {
                    continue;
                }
                all.add(
                        Transforms.byType(
                                Stream.of(
                                                ciphers.stream().map(Transforms::of),
                                                integrity.stream().map(Transforms::of),
                                                prfs.stream().map(Transforms::of),
                                                groups.stream().map(Transforms::of),
                                                additional.get().stream())
                                        .flatMap(s -> s)));
            }
        }
        return all;
    }

    private static boolean firstKind(IkeProposal p) {
        return p.ciphers().getFirst().encryption().isAead();
    }

    /// Everything that we are ready for, in order of preference; empty if no engine offers any.
    public static Optional<SaPayload> offer(List<IkeProposal> proposals, Crypto crypto, long spi) {
        List<Proposal> all = new ArrayList<>();
        for (Map<Integer, List<Transform>> w : wanted(proposals, crypto)) {
            if (all.size() < SaPayload.MAX_PROPOSALS) {
                all.add(new Proposal(all.size() + 1, ProtocolId.IKE, spi(spi), Transforms.flat(w)));
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(new SaPayload(all));
    }

    /// The groups of an offer, in order.
    public static List<Group> groups(List<IkeProposal> proposals, Crypto crypto) {
        return proposals.stream()
                .flatMap(p -> p.groups().stream())
                .filter(crypto::offers)
                .distinct()
                .toList();
    }

    /// As responder: the first of our proposals that fits one of theirs.
    public static Optional<Choice> choose(List<IkeProposal> ours, Crypto crypto, SaPayload theirs) {
        for (Map<Integer, List<Transform>> w : wanted(ours, crypto)) {
            for (Proposal p : theirs.proposals()) {
                if (p.protocolId() == ProtocolId.IKE) {
                    Optional<Choice> choice = Transforms.match(w, p).flatMap(c -> choice(p, c));
                    if (choice.isPresent()) {
                        return choice;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /// As initiator: what the peer chose from our offer; empty if it could not.
    public static Optional<Choice> accept(SaPayload offer, SaPayload answer) {
        return Transforms.chosen(offer, answer).flatMap(p -> choice(p, p.transforms()));
    }

    private static Optional<Choice> choice(Proposal p, List<Transform> chosen) {
        Optional<Cipher> cipher = Transforms.cipher(chosen);
        Optional<Prf> prf = Transforms.prf(chosen);
        Optional<Integrity> integrity = Transforms.integrity(chosen);
        Optional<Group> group = Transforms.group(chosen).filter(g -> g != Group.NONE);
        Optional<List<Group>> additional = Transforms.additional(chosen);
        if (additional.isEmpty()
                || cipher.isEmpty()
                || prf.isEmpty()
                || integrity.isEmpty()
                || group.isEmpty()
                || cipher.get().encryption().isAead() != (integrity.get() == Integrity.NONE)
                || !Transforms.areDistinct(group.get(), additional.get())) {
            return Optional.empty();
        }
        long spi = p.spi().length() == 8 ? p.spi().buffer().getLong() : 0;
        return Optional.of(
                new Choice(
                        new IkeSuite(
                                cipher.get(),
                                integrity.get(),
                                prf.get(),
                                group.get(),
                                additional.get()),
                        spi,
                        new Proposal(p.number(), ProtocolId.IKE, Octets.EMPTY, chosen)));
    }

    /// What an IKE SA has that was agreed on before, as it would be said in an answer.
    public static Choice of(IkeSuite s) {
        Stream<Transform> first =
                s.integrity() == Integrity.NONE
                        ? Stream.of(Transforms.of(s.cipher()))
                        : Stream.of(Transforms.of(s.cipher()), Transforms.of(s.integrity()));
        Stream<Transform> more =
                IntStream.range(0, s.additional().size())
                        .mapToObj(i ->
                                Transform.of(
                                        TransformType.ADDITIONAL_KEY_EXCHANGE_1 + i,
                                        s.additional().get(i).number()));
        List<Transform> all =
                Stream.of(first, Stream.of(Transforms.of(s.prf()), Transforms.of(s.group())), more)
                        .flatMap(t -> t)
                        .toList();
        return new Choice(s, 0, new Proposal(1, ProtocolId.IKE, Octets.EMPTY, all));
    }

    public static String describe(SaPayload sa) {
        return Transforms.describe(sa);
    }

    public static String describe(List<IkeProposal> proposals) {
        return String.join(", ", proposals.stream().map(IkeProposal::toString).toList());
    }

    /// `aes128-sha256-prfsha256-modp2048`.
    public static String text(IkeSuite s) {
        return s.cipher()
                + (s.integrity() == Integrity.NONE ? "" : "-" + s.integrity())
                + (s.integrity() != Integrity.NONE && Prf.of(s.integrity()) == s.prf()
                        ? ""
                        : "-" + s.prf())
                + "-"
                + s.group()
                + String.join(
                        "",
                        IntStream.range(0, s.additional().size())
                                .mapToObj(i -> "-ke" + (i + 1) + "_" + s.additional().get(i))
                                .toList());
    }
}
