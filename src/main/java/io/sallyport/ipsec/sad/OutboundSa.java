package io.sallyport.ipsec.sad;

import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ipsec.path.PathMtu;
import io.sallyport.ipsec.select.Selectors;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The outbound half of a child SA. Any number of outbound workers send by it, each with a cipher
/// and a meter of its own; they share its numbers and its volume. Counters may be read by any
/// thread; the carriage is written by the IKE loop.
public final class OutboundSa {
    private final long id;
    private final int spi;
    private final EspSuite suite;
    private final EspLayout layout;
    private final List<PacketCipher> sealers;
    private final SelectorPair pair;
    private final Selectors selectors;
    private final boolean ah;
    private final Mode mode;
    private final OuterHeader outerHeader;
    private final Meters meters;
    private final DropCounters drops = new DropCounters();
    private final VolumeMeter volume;
    private final @Nullable OutboundSa outer;
    private final SequenceNumbers numbers;
    private final List<Compressing> compressing;
    private volatile Carriage carriage;
    private volatile PathMtu pathMtu;

    /// A new SA of one worker.
    public OutboundSa(ChildSa sa, PacketCipher sealer) {
        this(sa, sealer, sa.outbound().sequence());
    }

    /// Of one worker.
    ///
    /// @param sequence number of the last packet sent, 0 for a new SA
    public OutboundSa(ChildSa sa, PacketCipher sealer, long sequence) {
        this(sa, new Selectors(sa.selectors()), List.of(sealer), sequence);
    }

    /// @param selectors those of `sa`, made ready
    /// @param sealers one for each worker
    /// @param sequence number of the last packet sent, 0 for a new SA
    public OutboundSa(ChildSa sa, Selectors selectors, List<PacketCipher> sealers, long sequence) {
        this(sa, sa.suite(), selectors, sa.outbound().spi(), sealers, sequence, null);
    }

    /// The ESP of a bundle, with AH round it.
    public static OutboundSa bundle(
            ChildSa sa,
            Selectors selectors,
            List<PacketCipher> sealers,
            SaHalf half,
            List<PacketCipher> ah) {
        OutboundSa outer =
                new OutboundSa(
                        sa,
                        sa.suite().outerSuite(),
                        selectors,
                        half.spi(),
                        ah,
                        half.sequence(),
                        null);
        SaHalf esp = sa.outbound();
        return new OutboundSa(sa, sa.suite(), selectors, esp.spi(), sealers, esp.sequence(), outer);
    }

    private OutboundSa(
            ChildSa sa,
            EspSuite suite,
            Selectors selectors,
            int spi,
            List<PacketCipher> sealers,
            long sequence,
            @Nullable OutboundSa outer) {
        this.id = sa.id();
        this.spi = spi;
        this.suite = suite;
        this.outer = outer;
        this.layout = EspLayout.of(suite);
        this.sealers = List.copyOf(sealers);
        this.meters = new Meters(sealers.size());
        this.pair = sa.selectors();
        this.selectors = selectors;
        this.ah = suite.isAh();
        this.mode = sa.handling().mode();
        this.outerHeader = sa.handling().outer();
        this.volume = new VolumeMeter(sa.handling().volume(), sealers.size() > 1);
        this.compressing =
                sa.handling()
                        .compression()
                        .map(c ->
                                Stream.generate(() -> new Compressing(c.outboundCpi()))
                                        .limit(sealers.size())
                                        .toList())
                        .orElse(List.of());
        this.carriage = sa.carriage();
        this.pathMtu = new PathMtu(carriage.path().remote().address().v6());
        this.numbers = new SequenceNumbers(sa.suite().esn(), sequence);
    }

    /// What its workers share.
    public SequenceNumbers numbers() {
        return numbers;
    }

    /// Number of the last packet; any thread, and for people: it may be a moment old.
    public long sequence() {
        return numbers.taken();
    }

    public long id() {
        return id;
    }

    public int spi() {
        return spi;
    }

    public EspSuite suite() {
        return suite;
    }

    public EspLayout layout() {
        return layout;
    }

    /// This worker only.
    public PacketCipher sealer(int worker) {
        return sealers.get(worker);
    }

    /// As negotiated.
    public SelectorPair pair() {
        return pair;
    }

    /// As negotiated; may be narrower than the policy's.
    public Selectors selectors() {
        return selectors;
    }

    /// AH; else ESP.
    public boolean isAh() {
        return ah;
    }

    /// The AH round this ESP, if it is a bundle.
    public @Nullable OutboundSa outer() {
        return outer;
    }

    /// Transport mode, in which the inner addresses are the outer ones.
    public boolean isTransport() {
        return mode == Mode.TRANSPORT;
    }

    /// Whether the inner IP header does not travel: transport and BEET mode.
    public boolean isHeaderless() {
        return mode == Mode.TRANSPORT || mode == Mode.BEET;
    }

    public Mode mode() {
        return mode;
    }

    /// Of tunnel mode.
    public OuterHeader outerHeader() {
        return outerHeader;
    }

    /// Of payloads (IPComp); null: not agreed on. This worker only.
    public @Nullable Compressing compressing(int worker) {
        return compressing.isEmpty() ? null : compressing.get(worker);
    }

    public Meters meters() {
        return meters;
    }

    /// Packets of this SA that went no further.
    public DropCounters drops() {
        return drops;
    }

    /// What its workers share.
    public VolumeMeter volume() {
        return volume;
    }

    public PathMtu pathMtu() {
        return pathMtu;
    }

    /// That of all SAs between these two addresses. The IKE loop only.
    public void pathMtu(PathMtu shared) {
        pathMtu = shared;
    }

    public Carriage carriage() {
        return carriage;
    }

    public void carriage(Carriage to) {
        carriage = to;
    }
}
