package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Compression;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;

/// Everything that both ends agreed on about a child SA.
///
/// @param initiator whether we began the exchange
public record ChildAgreement(
        ChildSpec child,
        ChildOffers.Choice choice,
        SelectorPair selectors,
        Optional<NatOriginal> natOriginal,
        Optional<Compression> compression,
        OuterHeader outer,
        int ourSpi,
        boolean initiator,
        long startedAt) {
    /// Makes the SA and its inbound half live.
    ///
    /// @param shared the secrets of its own key exchange, closed here; none without PFS
    /// @param ni body of the nonce of the exchange's initiator
    /// @return the SA's id
    public long install(Ground ground, List<Secret> shared, Octets ni, Octets nr, long now) {
        EspSuite suite = choice.suite();
        int encryption = suite.cipher().keyingOctets();
        int half = encryption + suite.integrity().keyOctets();
        ChildSa sa;
        try (Secret keymat = ground.keys().keymat(shared, ni, nr, 2 * half)) {
            // RFC 7296, 2.17: "All keys for SAs carrying data from the initiator to the responder
            // are taken before SAs going from the responder to the initiator", and of each the
            // encryption key before the integrity key.
            SaHalf toResponder =
                    half(initiator ? choice.peerSpi() : ourSpi, keymat, 0, encryption, half);
            SaHalf toInitiator =
                    half(
                            initiator ? ourSpi : choice.peerSpi(),
                            keymat,
                            half,
                            half + encryption,
                            2 * half);
            sa =
                    new ChildSa(
                            ground.context().newChildSaId(),
                            owner(ground),
                            suite,
                            initiator ? toInitiator : toResponder,
                            initiator ? toResponder : toInitiator,
                            selectors,
                            carriage(ground),
                            new ChildSa.Handling(
                                    child.mode(),
                                    child.replayWindow(),
                                    natOriginal,
                                    VolumeLimits.NONE,
                                    Optional.empty(),
                                    outer,
                                    compression));
        }
        shared.forEach(Secret::close);
        Octets lowest = ni.compareTo(nr) < 0 ? ni : nr;
        ground.take(sa.id());
        ground.connection()
                .ledger()
                .install(
                        child,
                        sa,
                        initiator,
                        lowest,
                        startedAt,
                        child.lifetime().life().toNanos(),
                        now);
        return sa.id();
    }

    /// As configured; but RFC 7296, 1.3.1: ESP_TFC_PADDING_NOT_SUPPORTED "asserts that the sending
    /// endpoint will not accept packets that contain Traffic Flow Confidentiality (TFC) padding
    /// over the Child SA being negotiated".
    ///
    /// @param heard what the peer says of the child
    static OuterHeader outer(ChildSpec child, PayloadChain heard) {
        OuterHeader wanted = OuterHeader.of(child.options().packets());
        return heard.notify(NotifyType.ESP_TFC_PADDING_NOT_SUPPORTED.number()).isPresent()
                ? wanted.unpadded()
                : wanted;
    }

    private static SaHalf half(int spi, Secret keymat, int from, int middle, int to) {
        return new SaHalf(spi, keymat.slice(from, middle), keymat.slice(middle, to));
    }

    private Owner owner(Ground ground) {
        String link = child.link() instanceof LinkSpec.Tunnel t ? t.name() : "";
        return new Owner(ground.connection().name(), child.name(), link);
    }

    private static Carriage carriage(Ground ground) {
        boolean udp = ground.isUdp();
        Path path = ground.path();
        return new Carriage(udp ? path : path.withPorts(0, 0), udp);
    }

    // ---- transport mode through a NAT

    /// RFC 7296, 2.23.1: in transport mode behind a NAT each end knows other addresses; those of
    /// the peer's selectors are kept for the checksums, and ours put in their place.
    static Optional<NatOriginal> original(
            Ground ground, Mode mode, List<TrafficSelector> remote, List<TrafficSelector> local) {
        if (mode != Mode.TRANSPORT || !ground.isUdp() || remote.isEmpty() || local.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new NatOriginal(
                        remote.getFirst().addresses().first(),
                        local.getFirst().addresses().first()));
    }

    static List<TrafficSelector> substituted(
            Ground ground, Mode mode, List<TrafficSelector> given, IpAddress seen) {
        if (mode != Mode.TRANSPORT || !ground.isUdp()) {
            return given;
        }
        return given.stream()
                .filter(s -> s.addresses().first().equals(s.addresses().last()))
                .map(s ->
                        new TrafficSelector(
                                TrafficSelector.of(IpPrefix.host(seen)).addresses(),
                                s.protocol(),
                                s.ports()))
                .toList();
    }
}
