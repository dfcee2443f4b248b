package io.sallyport.ipsec.sad;

import io.sallyport.base.telemetry.Counter;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.ipsec.replay.ReplayWindow;
import io.sallyport.ipsec.select.Selectors;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.spec.Mode;
import java.util.Optional;

/// The inbound half of a child SA (S4-27: an SA has one direction). Cipher and window belong to the
/// inbound worker; counters may be read by any thread; the carriage is written by the IKE loop.
public final class InboundSa {
    /// A moved peer is told of once in this time.
    public static final long MOVE_INTERVAL_NANOS = 1_000_000_000L;

    private final long id;
    private final int spi;
    private final int link;
    private final EspLayout layout;
    private final PacketCipher opener;
    private final ReplayWindow window;
    private final Selectors selectors;
    private final boolean ah;
    private final boolean transport;
    private final Optional<NatOriginal> natOriginal;
    private final Meter meter = new Meter();
    private final VolumeMeter volume;
    private final Counter otherCarriage = new Counter();
    private volatile Carriage carriage;
    private boolean moveTold;
    private long moveToldNanos;

    /// @param link the TUN of the owner
    public InboundSa(ChildSa sa, int link, PacketCipher opener) {
        this.id = sa.id();
        this.spi = sa.inbound().spi();
        this.link = link;
        this.layout = EspLayout.of(sa.suite());
        this.opener = opener;
        this.window = new ReplayWindow(sa.handling().replayWindow(), sa.suite().esn());
        this.selectors = new Selectors(sa.selectors());
        this.ah = sa.suite().isAh();
        this.transport = sa.handling().mode() == Mode.TRANSPORT;
        this.natOriginal = sa.handling().natOriginal();
        this.volume = new VolumeMeter(sa.handling().volume());
        this.carriage = sa.carriage();
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

    /// Transport mode; else tunnel mode.
    public boolean isTransport() {
        return transport;
    }

    /// What the peer said of its addresses.
    public Optional<NatOriginal> natOriginal() {
        return natOriginal;
    }

    public Meter meter() {
        return meter;
    }

    /// The inbound worker only.
    public VolumeMeter volume() {
        return volume;
    }

    /// Authentic packets that came in the other encapsulation than this SA sends.
    public Counter otherCarriage() {
        return otherCarriage;
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
