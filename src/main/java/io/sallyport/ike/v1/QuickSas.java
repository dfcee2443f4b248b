package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ike.sa.ChildLedger;
import io.sallyport.ike.sa.ChildRecord;
import io.sallyport.ike.v1.offer.Phase2Life;
import io.sallyport.ike.v1.offer.Phase2Offer;
import io.sallyport.ike.v1.offer.Phase2Proposals;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.NatOriginalAddress;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import java.util.List;
import java.util.Optional;

/// The SAs that one quick mode makes: our SPIs and nonce, keys, and their installation.
final class QuickSas {
    private static final int NONCE_OCTETS = 32;

    private final QuickFacts facts;
    private final int ourSpi;
    private final Octets ourNonce;

    /// Of a bundle's AH; 0: none.
    private int ourAhSpi;

    private Optional<NatOriginal> natOriginal = Optional.empty();
    private boolean installed;

    /// When message 1 left or came, and when message 2 did. By these both ends judge alike whether
    /// two quick modes crossed, however long the arithmetic takes.
    private long askedAt;

    private long answeredAt = Deadlines.NEVER;

    QuickSas(QuickFacts facts) {
        this.facts = facts;
        this.ourSpi = facts.context().newInboundSpi();
        this.ourNonce = facts.context().entropy().octets(NONCE_OCTETS);
        this.askedAt = facts.startedAt();
    }

    void asked(long now) {
        askedAt = now;
    }

    void answered(long now) {
        answeredAt = now;
    }

    int ourSpi() {
        return ourSpi;
    }

    Octets ourNonce() {
        return ourNonce;
    }

    /// Gives the SPIs back, unless SAs have them.
    void releaseUnused() {
        if (!installed) {
            release();
        }
    }

    void release() {
        facts.context().releaseInboundSpi(ourSpi);
        if (ourAhSpi != 0) {
            facts.context().releaseInboundSpi(ourAhSpi);
        }
    }

    Phase2Proposals.Spis spis(EspSuite suite) {
        if (suite.isBundle() && ourAhSpi == 0) {
            ourAhSpi = facts.context().newInboundSpi();
        }
        return new Phase2Proposals.Spis(ourSpi, ourAhSpi);
    }

    ChildSa.Handling handling(ChildSpec c, Optional<AhPair> ah) {
        return new ChildSa.Handling(
                c.mode(),
                c.replayWindow(),
                c.mode() == Mode.TRANSPORT && facts.isUdp() ? natOriginal : Optional.empty(),
                VolumeLimits.NONE,
                ah,
                OuterHeader.of(c.options().packets()));
    }

    /// RFC 3947, 5.2: "In case of transport mode, both ends MUST send both original Initiator and
    /// Responder addresses to the other end", the initiator's first.
    List<Payload> natOriginalAddresses(ChildSpec c) {
        if (c.mode() != Mode.TRANSPORT || !facts.isUdp()) {
            return List.of();
        }
        Payload ours = natOriginalAddress(facts.session().path().local().address());
        Payload theirs = natOriginalAddress(facts.session().path().remote().address());
        return facts.initiator() ? List.of(ours, theirs) : List.of(theirs, ours);
    }

    static Payload natOriginalAddress(IpAddress address) {
        return new NatOriginalAddress(
                address.v6() ? Identification.IPV6_ADDR : Identification.IPV4_ADDR,
                address.octets());
    }

    /// Keeps what the peer says of its addresses.
    void hear(PayloadChain chain) {
        natOriginal = natOriginal(chain);
    }

    private Optional<NatOriginal> natOriginal(PayloadChain chain) {
        List<NatOriginalAddress> both = chain.all(NatOriginalAddress.class);
        if (both.size() != 2) {
            return Optional.empty();
        }
        IpAddress first = IpAddress.ofOctets(both.getFirst().address());
        IpAddress second = IpAddress.ofOctets(both.getLast().address());
        return Optional.of(
                facts.initiator()
                        ? new NatOriginal(second, first)
                        : new NatOriginal(first, second));
    }

    long install(
            ChildSpec c,
            Phase2Offer offer,
            Phase2Life life,
            SelectorPair pair,
            Secret shared,
            Octets nonceI,
            Octets nonceR,
            long now) {
        Path path = facts.isUdp() ? facts.session().path() : facts.session().path().withPorts(0, 0);
        Optional<AhPair> ah =
                offer.ah()
                        .map(o ->
                                new AhPair(
                                        half(ourAhSpi, o.suite(), shared, nonceI, nonceR),
                                        half(o.spi(), o.suite(), shared, nonceI, nonceR)));
        String link = c.link() instanceof LinkSpec.Tunnel t ? t.name() : "";
        ChildSa sa =
                new ChildSa(
                        facts.context().newChildSaId(),
                        new Owner(facts.connection().name(), c.name(), link),
                        offer.suite(),
                        half(ourSpi, offer.suite(), shared, nonceI, nonceR),
                        half(offer.spi(), offer.suite(), shared, nonceI, nonceR),
                        pair,
                        new Carriage(path, facts.isUdp()),
                        handling(c, ah));
        shared.close();
        Octets lowest = nonceI.compareTo(nonceR) < 0 ? nonceI : nonceR;
        installed = true;
        facts.connection()
                .ledger()
                .install(
                        c,
                        sa,
                        new ChildRecord.Birth(
                                facts.initiator(), lowest, askedAt, Math.min(answeredAt, now)),
                        new ChildLedger.Agreed(
                                V1Session.shorter(c.lifetime().life(), life.seconds()),
                                life.octets(c.lifetime())),
                        now);
        return sa.id();
    }

    /// RFC 2409, 5.5: KEYMAT is made for each SPI, so each direction has keys of its own;
    /// encryption key first, then integrity key (RFC 2401, 4.6.1 by way of RFC 2407).
    SaHalf half(int spi, EspSuite suite, Secret shared, Octets nonceI, Octets nonceR) {
        int encryption = suite.cipher().keyingOctets();
        int all = encryption + suite.integrity().keyOctets();
        try (Secret keymat =
                facts.protection()
                        .keymat(
                                shared,
                                Phase2Proposals.protocolId(suite),
                                spi,
                                nonceI,
                                nonceR,
                                all)) {
            return new SaHalf(spi, keymat.slice(0, encryption), keymat.slice(encryption, all));
        }
    }
}
