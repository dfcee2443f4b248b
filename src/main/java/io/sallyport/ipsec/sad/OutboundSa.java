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
import org.jspecify.annotations.Nullable;

/// The outbound half of a child SA. Cipher and sequence number belong to the outbound worker;
/// counters may be read by any thread; the carriage is written by the IKE loop.
public final class OutboundSa {
    /// [#nextSequence] when there is none left.
    public static final long EXHAUSTED = -1;

    private static final long LAST_WITHOUT_ESN = 0xffffffffL;

    private final long id;
    private final int spi;
    private final EspSuite suite;
    private final EspLayout layout;
    private final PacketCipher sealer;
    private final SelectorPair pair;
    private final Selectors selectors;
    private final boolean ah;
    private final Mode mode;
    private final OuterHeader outerHeader;
    private final Meter meter = new Meter();
    private final DropCounters drops = new DropCounters();
    private final VolumeMeter volume;
    private final @Nullable OutboundSa outer;
    private final @Nullable Compressing compressing;
    private final long last;
    private volatile Carriage carriage;
    private volatile PathMtu pathMtu;
    private long sequence;

    public OutboundSa(ChildSa sa, PacketCipher sealer) {
        this(sa, new Selectors(sa.selectors()), sealer, sa.outbound().sequence());
    }

    /// The ESP of a bundle, with AH round it.
    public static OutboundSa bundle(
            ChildSa sa, Selectors selectors, PacketCipher sealer, SaHalf half, PacketCipher ah) {
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
        return new OutboundSa(sa, sa.suite(), selectors, esp.spi(), sealer, esp.sequence(), outer);
    }

    /// @param sequence number of the last packet sent, 0 for a new SA
    public OutboundSa(ChildSa sa, PacketCipher sealer, long sequence) {
        this(sa, new Selectors(sa.selectors()), sealer, sequence);
    }

    /// @param selectors those of `sa`, made ready
    /// @param sequence number of the last packet sent, 0 for a new SA
    public OutboundSa(ChildSa sa, Selectors selectors, PacketCipher sealer, long sequence) {
        this(sa, sa.suite(), selectors, sa.outbound().spi(), sealer, sequence, null);
    }

    private OutboundSa(
            ChildSa sa,
            EspSuite suite,
            Selectors selectors,
            int spi,
            PacketCipher sealer,
            long sequence,
            @Nullable OutboundSa outer) {
        this.id = sa.id();
        this.spi = spi;
        this.suite = suite;
        this.outer = outer;
        this.layout = EspLayout.of(suite);
        this.sealer = sealer;
        this.pair = sa.selectors();
        this.selectors = selectors;
        this.ah = suite.isAh();
        this.mode = sa.handling().mode();
        this.outerHeader = sa.handling().outer();
        this.volume = new VolumeMeter(sa.handling().volume());
        this.compressing =
                sa.handling().compression().map(c -> new Compressing(c.outboundCpi())).orElse(null);
        this.carriage = sa.carriage();
        this.pathMtu = new PathMtu(carriage.path().remote().address().v6());
        this.last = sa.suite().esn() ? Long.MAX_VALUE : LAST_WITHOUT_ESN;
        this.sequence = sequence;
    }

    /// Takes the next sequence number, the first is 1; [#EXHAUSTED] after the last one. RFC 4303,
    /// 3.3.3: "the sender MUST NOT send a packet on an SA if doing so would cause the sequence
    /// number to cycle". The outbound worker only.
    public long nextSequence() {
        return sequence == last ? EXHAUSTED : ++sequence;
    }

    /// Number of the last packet; any thread, and for people: it may be a moment old.
    public long sequence() {
        return sequence;
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

    /// The outbound worker only.
    public PacketCipher sealer() {
        return sealer;
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

    /// Of payloads (IPComp); null: not agreed on. The outbound worker only.
    public @Nullable Compressing compressing() {
        return compressing;
    }

    public Meter meter() {
        return meter;
    }

    /// Packets of this SA that went no further.
    public DropCounters drops() {
        return drops;
    }

    /// The outbound worker only.
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
