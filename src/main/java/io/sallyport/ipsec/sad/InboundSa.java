package io.sallyport.ipsec.sad;

import io.sallyport.base.net.Path;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ipsec.encap.BeetMode;
import io.sallyport.ipsec.path.PathMtu;
import io.sallyport.ipsec.replay.ReplayWindow;
import io.sallyport.ipsec.select.Selectors;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Compression;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The inbound half of a child SA (S4-27: an SA has one direction). Cipher and window belong to the
/// inbound worker; counters may be read by any thread; the carriage is written by the IKE loop.
public final class InboundSa {
    /// A moved peer is told of once in this time.
    public static final long MOVE_INTERVAL_NANOS = 1_000_000_000L;

    /// [#cpi] where no compression was agreed on.
    public static final int UNCOMPRESSED = -1;

    private final long id;
    private final int spi;
    private final int link;
    private final EspLayout layout;
    private final PacketCipher opener;
    private final ReplayWindow window;
    private final Selectors selectors;
    private final boolean ah;
    private final Mode mode;
    private final @Nullable Path beet;
    private final OuterHeader outerHeader;
    private final Optional<NatOriginal> natOriginal;
    private final @Nullable InboundSa inner;
    private final int cpi;
    private final @Nullable EspLayout outerLayout;
    private final Meter meter = new Meter();
    private final VolumeMeter volume;
    private final Counter otherCarriage = new Counter();
    private final DropCounters drops = new DropCounters();
    private volatile Carriage carriage;
    private volatile PathMtu pathMtu;
    private boolean moveTold;
    private long moveToldNanos;

    /// @param link the TUN of the owner
    public InboundSa(ChildSa sa, int link, PacketCipher opener) {
        this(sa, new Selectors(sa.selectors()), link, opener);
    }

    /// @param link the TUN of the owner
    /// @param selectors those of `sa`, made ready
    public InboundSa(ChildSa sa, Selectors selectors, int link, PacketCipher opener) {
        this(
                sa,
                sa.suite(),
                selectors,
                sa.inbound().spi(),
                link,
                opener,
                null,
                sa.inbound().sequence());
    }

    /// The AH round `inner`, which is the ESP of a bundle.
    public static InboundSa round(InboundSa inner, ChildSa sa, SaHalf ah, PacketCipher opener) {
        return new InboundSa(
                sa,
                sa.suite().outerSuite(),
                inner.selectors,
                ah.spi(),
                inner.link,
                opener,
                inner,
                ah.sequence());
    }

    private InboundSa(
            ChildSa sa,
            EspSuite suite,
            Selectors selectors,
            int spi,
            int link,
            PacketCipher opener,
            @Nullable InboundSa inner,
            long top) {
        this.id = sa.id();
        this.spi = spi;
        this.link = link;
        this.layout = EspLayout.of(suite);
        this.inner = inner;
        this.outerLayout = suite.isBundle() ? EspLayout.of(suite.outerSuite()) : null;
        this.opener = opener;
        this.window = new ReplayWindow(sa.handling().replayWindow(), sa.suite().esn(), top);
        this.selectors = selectors;
        this.ah = suite.isAh();
        this.mode = sa.handling().mode();
        this.beet = mode == Mode.BEET ? BeetMode.inner(sa.selectors()) : null;
        this.outerHeader = sa.handling().outer();
        this.natOriginal = sa.handling().natOriginal();
        this.volume = new VolumeMeter(sa.handling().volume());
        this.cpi = sa.handling().compression().map(Compression::inboundCpi).orElse(UNCOMPRESSED);
        this.carriage = sa.carriage();
        this.pathMtu = new PathMtu(carriage.path().remote().address().v6());
    }

    /// Of the child SA, unique in this process.
    public long id() {
        return id;
    }

    public int spi() {
        return spi;
    }

    /// The number of the TUN its packets go to.
    public int link() {
        return link;
    }

    public EspLayout layout() {
        return layout;
    }

    /// The inbound worker only.
    public PacketCipher opener() {
        return opener;
    }

    /// The inbound worker only.
    public ReplayWindow window() {
        return window;
    }

    public Selectors selectors() {
        return selectors;
    }

    /// AH; else ESP.
    public boolean isAh() {
        return ah;
    }

    /// Of an AH SA that stands round ESP: the SA of that ESP.
    public @Nullable InboundSa inner() {
        return inner;
    }

    /// Whether this ESP comes in AH, or not at all.
    public boolean isBundled() {
        return outerLayout != null;
    }

    /// Of an ESP that comes in AH: the layout of that AH.
    public @Nullable EspLayout outerLayout() {
        return outerLayout;
    }

    /// Transport mode, in which the inner addresses are the outer ones.
    public boolean isTransport() {
        return mode == Mode.TRANSPORT;
    }

    /// Whether the inner IP header does not travel: transport and BEET mode.
    public boolean isHeaderless() {
        return mode == Mode.TRANSPORT || beet != null;
    }

    /// The addresses of inner packets without a header of their own, ours as `local`.
    public Path innerPath() {
        return beet == null ? carriage.path() : beet;
    }

    /// What the peer said of its addresses.
    public Optional<NatOriginal> natOriginal() {
        return natOriginal;
    }

    /// Of tunnel mode.
    public OuterHeader outerHeader() {
        return outerHeader;
    }

    /// What compressed payloads come with (IPComp), or [#UNCOMPRESSED].
    public int cpi() {
        return cpi;
    }

    public Meter meter() {
        return meter;
    }

    /// Packets of this SA that went no further.
    public DropCounters drops() {
        return drops;
    }

    /// The inbound worker only.
    public VolumeMeter volume() {
        return volume;
    }

    /// Authentic packets that came in the other encapsulation than this SA sends.
    public Counter otherCarriage() {
        return otherCarriage;
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

    /// Whether to tell now that the peer moved: not told of late. The inbound worker only.
    public boolean moveDue(long nowNanos) {
        if (moveTold && nowNanos - moveToldNanos < MOVE_INTERVAL_NANOS) {
            return false;
        }
        moveTold = true;
        moveToldNanos = nowNanos;
        return true;
    }
}
