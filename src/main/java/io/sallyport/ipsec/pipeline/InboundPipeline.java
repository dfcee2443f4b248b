package io.sallyport.ipsec.pipeline;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.encap.BeetMode;
import io.sallyport.ipsec.encap.TransportMode;
import io.sallyport.ipsec.encap.TunnelMode;
import io.sallyport.ipsec.fragment.MssClamp;
import io.sallyport.ipsec.fragment.Reassembler;
import io.sallyport.ipsec.fragment.TunnelMtu;
import io.sallyport.ipsec.sad.InboundSa;
import io.sallyport.ipsec.sad.RetiredKeys;
import io.sallyport.ipsec.sad.Sad;
import io.sallyport.ipsec.sad.VolumeMeter;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.select.Match;
import io.sallyport.ipsec.spd.Spd;
import io.sallyport.ipsec.transform.AhOpener;
import io.sallyport.ipsec.transform.EspOpener;
import io.sallyport.ipsec.transform.Expander;
import io.sallyport.model.sa.Carriage;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.ip.Protocol;
import org.jspecify.annotations.Nullable;

/// The road in: datagrams from the outer network become clear packets, IKE datagrams, or nothing.
///
/// ```text
///  1  Demux                  port 500, non-ESP marker -> IKE; 0xff      TOO_SHORT
///  2  Sad.find               by SPI                                     UNKNOWN_SPI
///     AhOpener.locate        IP header of AH                           MALFORMED_IP
///  3  EspOpener.admit        length, replay window, before any crypto   TOO_SHORT REPLAYED
///  4  PacketCipher.open      over runs of one SA                        BAD_ICV ENGINE_ERROR
///  5  EspOpener.accept       marks the window, only now                 REPLAYED
///  6  EspOpener.strip        padding and next header                    BAD_PADDING DUMMY
///     Expander.expand        IPComp, if it was agreed on                BAD_COMPRESSION
///     TransportMode.wrap     IP header anew, checksum after a NAT       TOO_BIG
///     (or BEET mode)         with the SA's inner addresses              OPTIONS
///  7  Flow.read              a whole inner packet?                      BAD_INNER
///  8  Selectors              of the SA it came by (RFC 4301, 5.2)       SELECTOR_MISMATCH
///     Reassembler.offer      fragments, where selectors ask for ports   REASSEMBLY
///  9  TunnelMode.unwrapEcn   outer congestion into the inner header     CONGESTION
///     TunnelMode.unwrapDscp  where that is wanted
///     VolumeMeter.take       before the hard limit, or not at all       LIFETIME_EXPIRED
/// 10  MssClamp.clamp         TCP SYN and SYN-ACK
/// ```
///
/// [#process] takes what sockets received: lane UDP or TCP (the packet is the payload) or RAW (the
/// ESP packet) or AH, path set (local is our end), traffic class as in the outer header. Afterwards
/// each packet is
///
/// - in lane TUN: a clear packet to be written to its link, or
/// - in lane IKE: an ISAKMP message without its marker, or
/// - DROPPED and, but for keepalives and fragments whose rest is awaited, counted.
///
/// Either encapsulation is taken, whichever the SA itself sends: RFC 7296, 2.23: devices "MUST be
/// able to receive and process both UDP-encapsulated ESP and non-UDP-encapsulated ESP packets at
/// any time"; [io.sallyport.ipsec.sad.InboundSa#otherCarriage] counts them. The address a packet
/// came from is not looked at before the packet is authentic.
///
/// One thread; allocates nothing.
public final class InboundPipeline {
    /// The UDP port on which there is only IKE, RFC 2408 and RFC 7296.
    public static final int IKE_PORT = 500;

    private final Sad sad;
    private final Spd spd;
    private final RetiredKeys retired;
    private final PeerMoved moved;
    private final VolumeMeter.Listener volume;
    private final Demux demux;
    private final DropCounters drops = new DropCounters();
    private final Expander expander = new Expander();
    private final Flow flow = new Flow();
    private final Reassembler fragments = new Reassembler(drops);
    private final @Nullable InboundSa[] sas = new InboundSa[PacketBatch.MOST];
    private final @Nullable InboundSa[] inner = new InboundSa[PacketBatch.MOST];
    private final boolean[] udp = new boolean[PacketBatch.MOST];

    public InboundPipeline(UserspaceBackend backend, PeerMoved moved) {
        this(backend, moved, VolumeMeter.Listener.NONE, IKE_PORT);
    }

    /// @param ikePort of [Demux]
    /// @param volume hears of SAs that carried up to a limit
    public InboundPipeline(
            UserspaceBackend backend, PeerMoved moved, VolumeMeter.Listener volume, int ikePort) {
        this(backend, 0, moved, volume, ikePort);
    }

    /// @param worker 0, 1, ... below the backend's number of workers; each has one pipeline, which
    ///   gets the packets of those SAs only that it owns
    public InboundPipeline(
            UserspaceBackend backend,
            int worker,
            PeerMoved moved,
            VolumeMeter.Listener volume,
            int ikePort) {
        this.volume = volume;
        this.sad = backend.sad();
        this.spd = backend.spd();
        this.retired = backend.retiredOpeners(worker);
        this.moved = moved;
        this.demux = new Demux(ikePort, drops);
    }

    /// @param now monotonic nanoseconds
    public void process(PacketBatch batch, long now) {
        retired.forget();
        int count = batch.count();
        for (int i = 0; i < count; i++) {
            sas[i] =
                    batch.lane(i) == Lane.AH
                            ? admitAh(batch, i)
                            : demux(batch, i) ? admit(batch, i) : null;
        }
        openRuns(batch, count, now);
        boolean more = false;
        for (int i = 0; i < count; i++) {
            InboundSa esp = inner[i];
            inner[i] = null;
            sas[i] = esp == null ? null : admitInner(batch, i, esp);
            more |= sas[i] != null;
        }
        if (more) {
            openRuns(batch, count, now);
            for (int i = 0; i < count; i++) {
                sas[i] = null;
            }
        }
    }

    private void openRuns(PacketBatch batch, int count, long now) {
        int from = 0;
        while (from < count) {
            InboundSa sa = sas[from];
            int to = from + 1;
            if (sa != null) {
                while (to < count && sas[to] == sa) {
                    to++;
                }
                open(batch, from, to, sa, now);
            }
            from = to;
        }
    }

    /// As [#admit], of the ESP that came in the AH of a bundle.
    private @Nullable InboundSa admitInner(PacketBatch batch, int i, InboundSa esp) {
        Drop why =
                !Esp.fits(batch.length(i))
                        ? Drop.TOO_SHORT
                        : Esp.spi(batch.memory(), batch.start(i)) != esp.spi()
                                ? Drop.UNKNOWN_SPI
                                : EspOpener.admit(batch, i, esp);
        if (why != null) {
            drops.count(why);
            return null;
        }
        return esp;
    }

    public DropCounters drops() {
        return drops;
    }

    /// NAT keepalives received.
    public Counter keepalives() {
        return demux.keepalives();
    }

    /// Whether packet `i` is ESP; else its lane is set.
    private boolean demux(PacketBatch batch, int i) {
        Lane arrived = batch.lane(i);
        batch.lane(i, Lane.DROPPED);
        udp[i] = arrived == Lane.UDP || arrived == Lane.TCP;
        if (arrived == Lane.RAW) {
            return true;
        }
        if (!udp[i]) {
            return false;
        }
        batch.lane(i, arrived);
        if (!demux.isEsp(batch, i)) {
            return false;
        }
        batch.lane(i, Lane.DROPPED);
        return true;
    }

    /// The SA of packet `i` if it is worth opening.
    private @Nullable InboundSa admit(PacketBatch batch, int i) {
        if (!Esp.fits(batch.length(i))) {
            drops.count(Drop.TOO_SHORT);
            return null;
        }
        InboundSa sa = sad.find(Esp.spi(batch.memory(), batch.start(i)));
        if (sa == null || sa.isAh()) {
            drops.count(Drop.UNKNOWN_SPI);
            return null;
        }
        if (sa.isBundled()) {
            // RFC 4301, 5.2: what does not come as its policy says is thrown away
            drops.count(Drop.WRONG_PATH);
            return null;
        }
        Drop why = EspOpener.admit(batch, i, sa);
        if (why != null) {
            drop(sa, why, 1);
            return null;
        }
        return sa;
    }

    /// As [#admit], of what came as AH.
    private @Nullable InboundSa admitAh(PacketBatch batch, int i) {
        batch.lane(i, Lane.DROPPED);
        udp[i] = false;
        int offset = AhOpener.locate(batch, i);
        if (offset == AhOpener.NONE) {
            drops.count(Drop.MALFORMED_IP);
            return null;
        }
        InboundSa sa = sad.find(Ah.spi(batch.memory(), batch.start(i) + offset));
        // RFC 4301, 4.1: an SA is for AH or for ESP, "but not both"
        if (sa == null || !sa.isAh()) {
            drops.count(Drop.UNKNOWN_SPI);
            return null;
        }
        Drop why = AhOpener.admit(batch, i, offset, sa);
        if (why != null) {
            drop(sa, why, 1);
            return null;
        }
        return sa;
    }

    private void open(PacketBatch batch, int from, int to, InboundSa sa, long now) {
        long authentic;
        try {
            authentic = sa.opener().open(batch, from, to);
        } catch (RuntimeException e) {
            drop(sa, Drop.ENGINE_ERROR, to - from);
            return;
        }
        for (int i = from; i < to; i++) {
            Drop why =
                    (authentic >>> i - from & 1) == 0 ? Drop.BAD_ICV : deliver(batch, i, sa, now);
            if (why != null) {
                drop(sa, why, 1);
            }
        }
    }

    private void drop(InboundSa sa, Drop why, int packets) {
        drops.count(why, packets);
        sa.drops().count(why, packets);
    }

    /// Authentic packet `i` to its TUN, or why not.
    private @Nullable Drop deliver(PacketBatch batch, int i, InboundSa sa, long now) {
        long top = sa.window().top();
        if (!(sa.isAh() ? AhOpener.accept(batch, i, sa) : EspOpener.accept(batch, i, sa))) {
            return Drop.REPLAYED;
        }
        sa.meter().seen(now);
        noteCarriage(batch.path(i), udp[i], sa, sa.window().top() > top, now);
        int nextHeader =
                sa.isAh() ? AhOpener.strip(batch, i, sa) : EspOpener.strip(batch, i, sa.layout());
        InboundSa esp = sa.inner();
        if (esp != null) {
            if (nextHeader != Protocol.ESP) {
                return Drop.BAD_PADDING;
            }
            inner[i] = esp;
            return null;
        }
        if (nextHeader == EspOpener.WRONG) {
            return Drop.BAD_PADDING;
        }
        if (nextHeader == Protocol.NONE) {
            return Drop.DUMMY;
        }
        if (nextHeader == Protocol.IPCOMP && sa.cpi() != InboundSa.UNCOMPRESSED) {
            nextHeader = expander.expand(batch, i, sa.cpi());
            if (nextHeader == Expander.WRONG) {
                return Drop.BAD_COMPRESSION;
            }
        }
        int version = nextHeader;
        if (sa.isHeaderless()) {
            Path ends = sa.innerPath();
            if (nextHeader == BeetMode.PSEUDO_HEADER && !sa.isTransport()) {
                return Drop.OPTIONS;
            }
            if (!TransportMode.wrap(batch, i, nextHeader, ends)) {
                return Drop.TOO_BIG;
            }
            if (udp[i] && sa.isTransport()) {
                TransportMode.mendChecksum(batch, i, sa.natOriginal().orElse(null));
            }
            boolean v6 = ends.remote().address().v6();
            version = v6 ? Protocol.IPV6 : Protocol.IPV4;
        }
        if (version != Protocol.IPV4 && version != Protocol.IPV6) {
            return Drop.BAD_PADDING;
        }
        if (!flow.read(batch.memory(), batch.start(i), batch.length(i))
                || flow.v6() != (version == Protocol.IPV6)) {
            return Drop.BAD_INNER;
        }
        // RFC 4303, 2.7: what follows the inner packet is padding against traffic analysis
        batch.place(i, batch.start(i), flow.totalLength());
        Match match = sa.selectors().coversInbound(flow);
        if (match == Match.NO) {
            return Drop.SELECTOR_MISMATCH;
        }
        if (!sa.isHeaderless() && !TunnelMode.unwrapEcn(batch, i)) {
            return Drop.CONGESTION;
        }
        if (match == Match.UNCERTAIN) {
            // RFC 4301, 7: what its ports are is known of the whole packet only
            Reassembler.Piece piece = fragments.offer(batch, i, flow, sa.id(), now);
            if (piece != Reassembler.Piece.WHOLE) {
                return piece == Reassembler.Piece.KEPT ? null : Drop.REASSEMBLY;
            }
            if (!flow.read(batch.memory(), batch.start(i), batch.length(i))) {
                return Drop.BAD_INNER;
            }
            if (sa.selectors().coversInbound(flow) != Match.YES) {
                return Drop.SELECTOR_MISMATCH;
            }
        }
        if (!sa.isHeaderless() && sa.outerHeader().copyDscpIn()) {
            TunnelMode.unwrapDscp(batch, i);
        }
        int mtu =
                TunnelMtu.of(
                        sa.pathMtu().octets(now),
                        spd.settings(sa.link()),
                        sa.carriage(),
                        sa.layout(),
                        sa.isHeaderless(),
                        sa.isAh(),
                        sa.outerLayout());
        MssClamp.clamp(batch.memory(), batch.start(i), flow, mtu);
        boolean carried = sa.volume().take(flow.totalLength());
        if (sa.volume().isDue()) {
            sa.volume().tell(sa.id(), volume);
        }
        if (!carried) {
            return Drop.LIFETIME_EXPIRED;
        }
        sa.meter().add(flow.totalLength(), now);
        batch.lane(i, Lane.TUN);
        batch.link(i, sa.link());
        return null;
    }

    private void noteCarriage(
            @Nullable Path came, boolean inUdp, InboundSa sa, boolean newest, long now) {
        Carriage carriage = sa.carriage();
        // RFC 9329, 5: all of an SA goes by TCP until MOBIKE changes that
        if (inUdp != carriage.udp() || came != null && came.tcp() != carriage.tcp()) {
            sa.otherCarriage().increment();
        } else if (inUdp
                && newest
                && came != null
                && !same(came.remote(), carriage.path().remote())
                && sa.moveDue(now)) {
            // Only the newest packet tells: one held back on an old path must not turn us back
            moved.peerMoved(sa.id(), came);
        }
    }

    private static boolean same(Endpoint a, Endpoint b) {
        return a.port() == b.port()
                && a.address().low() == b.address().low()
                && a.address().high() == b.address().high()
                && a.address().v6() == b.address().v6();
    }
}
