package io.sallyport.ipsec.pipeline;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.ring.Turnstile;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.encap.TransportMode;
import io.sallyport.ipsec.encap.TunnelMode;
import io.sallyport.ipsec.fragment.Fragmenter;
import io.sallyport.ipsec.fragment.MssClamp;
import io.sallyport.ipsec.fragment.OuterFragmenter;
import io.sallyport.ipsec.fragment.Reassembler;
import io.sallyport.ipsec.fragment.TooBig;
import io.sallyport.ipsec.fragment.TunnelMtu;
import io.sallyport.ipsec.path.PathMtu;
import io.sallyport.ipsec.sad.Compressing;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.sad.Meter;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.sad.PacedSas;
import io.sallyport.ipsec.sad.RetiredKeys;
import io.sallyport.ipsec.sad.VolumeMeter;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.spd.Classifier;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.ipsec.spd.Policy;
import io.sallyport.ipsec.spd.Spd;
import io.sallyport.ipsec.transform.AhSealer;
import io.sallyport.ipsec.transform.Compressor;
import io.sallyport.ipsec.transform.EspSealer;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Udp;
import org.jspecify.annotations.Nullable;

/// The road out: clear packets from TUNs become ESP packets, or nothing.
///
/// ```text
///  1  Flow.read              a whole IP packet?                         MALFORMED_IP
///  2  Classifier.classify    policies of the packet's TUN, in order     NO_POLICY NO_SA
///     Reassembler.offer      fragments, where ports or a whole packet   REASSEMBLY
///                            are asked for: then from 1 on
///  3  MssClamp.clamp         TCP SYN and SYN-ACK
///  4  size                   TooBig.answer to the TUN, Fragmenter.cut   TOO_BIG
///  5  TunnelMode.wrap        outer DSCP, ECN and DF beside the packet
///     TransportMode.unwrap   IP header off, whole packets only          OPTIONS
///     Compressor.compress    if it was agreed on and the packet gets smaller
///     VolumeMeter.take       before the hard limit, or not at all       LIFETIME_EXPIRED
///  6  EspSealer.frame        sequence number, header, trailer           SEQUENCE_EXHAUSTED
///     AhSealer.frame         and the outer IP header
///  7  PacketCipher.seal      over runs of one SA                        ENGINE_ERROR
///     AhSealer, again        round ESP, if the SA is a bundle
///  8  AhSealer.finish        the ICV in its place, Fragmenter.cut       TOO_BIG
/// ```
///
/// [#process] takes packets read from TUNs: link set, length set, lane of no matter. Afterwards
/// each packet of the batch, and of [#spare], is
///
/// - in lane UDP, RAW or AH: an ESP or AH packet to be sent along its path with its traffic class
///   and DF, or
/// - in lane CLEAR: a packet that a policy lets pass as it is, or
/// - in lane WAITING: kept here until there is an SA, see [#release], or until the rest of its
///   fragments comes, or
/// - in lane TUN: an ICMP answer to be written to its link, or
/// - DROPPED and counted.
///
/// The batch may have grown by fragments. Headroom should be 64 octets or more (ESP needs 24 of it,
/// an ICMPv6 answer 48), tailroom 64. One thread; allocates nothing.
///
/// Several workers have a pipeline each over the same backend. What one of them numbered should not
/// be overtaken by what another numbered later: between [#process] and sending, [#isTurn] tells
/// whether to wait, and [#left] that the packets are gone.
public final class OutboundPipeline {
    /// A sealed packet of more octets may be too large for a path that others of this SA pass.
    private static final int LARGE = 1200;

    /// In place of an inner length.
    private static final int DUMMY = -1;

    private final int worker;
    private final Spd spd;
    private final PacedSas paced;
    private final Dummies dummies = new Dummies();
    private final RetiredKeys retired;
    private final Acquire acquire;
    private final VolumeMeter.Listener volume;
    private final PacketBatch spare;
    private final DropCounters drops = new DropCounters();
    private final Classifier classifier;
    private final Flow flow = new Flow();
    private final AhSealer ah;
    private final TooBig tooBig = new TooBig();
    private final AcquireQueue waiting;
    private final Reassembler fragments;
    private final Compressor compressor = new Compressor();
    private final @Nullable OutboundSa[] sas = new OutboundSa[PacketBatch.MOST];
    private final @Nullable OutboundSa[] spareSas = new OutboundSa[PacketBatch.MOST];

    /// Of IPv6 fragments of ours; begins anywhere.
    private int identification = System.identityHashCode(this);

    private final int[] innerLength = new int[PacketBatch.MOST];
    private final int[] spareInnerLength = new int[PacketBatch.MOST];
    private final int[] nextHeader = new int[PacketBatch.MOST];
    private final int[] spareNextHeader = new int[PacketBatch.MOST];
    private final Runs runs = new Runs(2 * PacketBatch.MOST);
    private final Turnstile order;

    /// @param spare takes the fragments for which the batch has no room; slots as large as the
    ///   batches' own
    public OutboundPipeline(UserspaceBackend backend, Acquire acquire, PacketBatch spare) {
        this(backend, acquire, VolumeMeter.Listener.NONE, spare);
    }

    /// @param volume hears of SAs that carried up to a limit
    public OutboundPipeline(
            UserspaceBackend backend,
            Acquire acquire,
            VolumeMeter.Listener volume,
            PacketBatch spare) {
        this(backend, 0, acquire, volume, spare);
    }

    /// @param worker 0, 1, ... below the backend's number of workers; each has one pipeline
    public OutboundPipeline(
            UserspaceBackend backend,
            int worker,
            Acquire acquire,
            VolumeMeter.Listener volume,
            PacketBatch spare) {
        this.worker = worker;
        this.order = backend.numbering();
        this.ah = new AhSealer(worker, backend.workers());
        this.volume = volume;
        this.spd = backend.spd();
        this.paced = backend.paced();
        this.retired = backend.retiredSealers(worker);
        this.acquire = acquire;
        this.spare = spare;
        this.classifier = new Classifier(spd, worker);
        this.waiting = new AcquireQueue(spare, drops);
        this.fragments = new Reassembler(drops);
    }

    /// @param now monotonic nanoseconds
    public void process(PacketBatch batch, long now) {
        retired.forget();
        spare.clear();
        runs.clear();
        int received = batch.count();
        for (int i = 0; i < received; i++) {
            sas[i] = null;
            batch.lane(i, Lane.DROPPED);
            admit(batch, i, now);
        }
        prepare(batch, sas, innerLength, nextHeader, now);
        prepare(spare, spareSas, spareInnerLength, spareNextHeader, now);
        sealAll(batch, now);
        classifier.forget();
    }

    /// Numbers and seals what [#sas] and [#spareSas] name.
    private void sealAll(PacketBatch batch, long now) {
        runs.add(sas, batch.count());
        runs.turnToSpare();
        runs.add(spareSas, spare.count());
        runs.take(order);
        for (int run = 0; run < runs.count(); run++) {
            seal(run, runs.isOfSpare(run) ? spare : batch, now);
        }
        forget(sas, batch.count());
        forget(spareSas, spare.count());
    }

    private static void forget(@Nullable OutboundSa[] of, int packets) {
        for (int i = 0; i < packets; i++) {
            of[i] = null;
        }
    }

    /// Whether what was numbered before the packets of the last [#process] has left.
    public boolean isTurn() {
        return runs.isTurn();
    }

    /// The packets of the last [#process] were given to the network, or will not be: whoever waits
    /// for their turn waits no more. Lets go of their SAs.
    public void left() {
        runs.left();
        runs.clear();
    }

    /// Packets to send after those of the batch; cleared by the next [#process].
    public PacketBatch spare() {
        return spare;
    }

    public DropCounters drops() {
        return drops;
    }

    private void admit(PacketBatch batch, int i, long now) {
        if (!flow.read(batch.memory(), batch.start(i), batch.length(i))) {
            uncovered(batch.link(i), Drop.MALFORMED_IP);
            return;
        }
        batch.place(i, batch.start(i), flow.totalLength());
        direct(batch, i, false, now);
    }

    /// Keeps a fragment until the others come, and gives the whole packet its way then.
    private void gather(PacketBatch batch, int i, long now) {
        switch (fragments.offer(batch, i, flow, batch.link(i), now)) {
            case KEPT -> batch.lane(i, Lane.WAITING);
            case REFUSED -> uncovered(batch.link(i), Drop.REASSEMBLY);
            case WHOLE -> {
                if (flow.read(batch.memory(), batch.start(i), batch.length(i))) {
                    direct(batch, i, true, now);
                } else {
                    uncovered(batch.link(i), Drop.MALFORMED_IP);
                }
            }
        }
    }

    /// @param gathered whether it came in fragments and was put together here
    private void direct(PacketBatch batch, int i, boolean gathered, long now) {
        switch (classifier.classify(flow, batch.link(i))) {
            case NO_POLICY -> uncovered(batch.link(i), Drop.NO_POLICY);
            case FRAGMENT -> gather(batch, i, now);
            case DISCARD -> refused(batch.link(i), Drop.POLICY_DISCARD);
            case BYPASS -> batch.lane(i, Lane.CLEAR);
            case NO_SA -> {
                if (await(batch, i, classifier.policy(), now)) {
                    batch.lane(i, Lane.WAITING);
                } else {
                    refused(batch.link(i), Drop.NO_SA);
                }
            }
            case PROTECT -> {
                OutboundSa sa = classifier.sa();
                if (sa != null && sa.isHeaderless()) {
                    if (flow.isFragment()) {
                        gather(batch, i, now);
                    } else {
                        whole(batch, i, sa, now);
                    }
                } else if (sa != null) {
                    size(batch, i, sa, gathered, now);
                }
            }
        }
    }

    /// The policy that covers the packet has the drop; without one, its TUN.
    private void refused(int link, Drop why) {
        Policy policy = classifier.policy();
        if (policy == null) {
            uncovered(link, why);
        } else {
            drops.count(why);
            policy.drops().count(why);
        }
    }

    private void uncovered(int link, Drop why) {
        drops.count(why);
        DropCounters of = spd.linkDrops(link);
        if (of != null) {
            of.count(why);
        }
    }

    /// Asks for an SA and keeps the packet meanwhile; false where that is of no use.
    private boolean await(PacketBatch batch, int i, @Nullable Policy policy, long now) {
        if (policy == null || !policy.waitsForSa()) {
            return false;
        }
        boolean kept = waiting.offer(batch, i, policy, now);
        if (policy.acquireDue(now)) {
            acquire.acquire(policy.owner());
        }
        return kept;
    }

    /// Adds packets that waited for an SA which has come to `batch`, to be given to [#process].
    /// False if there were none. Must be asked now and then, also when there is no traffic.
    public boolean release(PacketBatch batch, long now) {
        if (waiting.isEmpty()) {
            return false;
        }
        waiting.release(batch, now);
        return batch.count() > 0;
    }

    /// In transport mode a packet is never cut before it is sealed; the socket's own fragments of
    /// the sealed one are put together before the peer opens it.
    private void whole(PacketBatch batch, int i, OutboundSa sa, long now) {
        Drop why = TransportMode.refusal(flow);
        if (why != null) {
            drop(sa, why, 1);
            return;
        }
        int mtu =
                TunnelMtu.of(
                        sa.pathMtu().octets(now),
                        null,
                        sa.carriage(),
                        sa.layout(),
                        true,
                        sa.isAh(),
                        outer(sa));
        MssClamp.clamp(batch.memory(), batch.start(i), flow, mtu);
        sas[i] = sa;
    }

    private void size(PacketBatch batch, int i, OutboundSa sa, boolean gathered, long now) {
        int mtu = mtu(sa, spd.settings(batch.link(i)), now);
        MssClamp.clamp(batch.memory(), batch.start(i), flow, mtu);
        int most = flow.v6() ? Math.max(mtu, Ipv6.SMALLEST_MTU) : mtu;
        if (batch.length(i) <= most) {
            sas[i] = sa;
        } else if (gathered && (flow.v6() || sa.outerHeader().df() != OuterDf.SET)) {
            // Its ports must be seen at the far end too: the socket cuts what it became
            sas[i] = sa;
        } else if (flow.v6() || Ipv4.dontFragment(batch.memory(), batch.start(i))) {
            drop(sa, Drop.TOO_BIG, 1);
            if (tooBig.answer(batch, i, flow, most, now)) {
                batch.lane(i, Lane.TUN);
            }
        } else if (sa.outerHeader().cutting() == Cutting.AFTER_ENCRYPTION
                && sa.outerHeader().df() != OuterDf.SET) {
            sas[i] = sa; // the socket cuts what it became
        } else {
            int next = batch.count();
            int nextSpare = spare.count();
            if (!Fragmenter.cut(batch, i, most, spare)) {
                drop(sa, Drop.TOO_BIG, 1);
                return;
            }
            sas[i] = sa;
            for (int j = next; j < batch.count(); j++) {
                sas[j] = sa;
            }
            for (int j = nextSpare; j < spare.count(); j++) {
                spareSas[j] = sa;
            }
        }
    }

    private void prepare(
            PacketBatch batch, @Nullable OutboundSa[] of, int[] inner, int[] next, long now) {
        for (int i = 0; i < batch.count(); i++) {
            OutboundSa sa = of[i];
            if (sa == null) {
                continue;
            }
            inner[i] = batch.length(i);
            if (isCarried(batch, i, sa)) {
                next[i] = compress(batch, i, sa, wrap(batch, i, sa, now));
                OutboundSa outer = sa.outer();
                if (outer == null || fitsRound(batch, i, sa.layout(), outer)) {
                    continue;
                }
                drops.count(Drop.TOO_BIG);
            }
            of[i] = null;
        }
    }

    private static @Nullable EspLayout outer(OutboundSa sa) {
        OutboundSa outer = sa.outer();
        return outer == null ? null : outer.layout();
    }

    /// Adds the dummy packets that are due, sealed, to an empty batch; to be sent like those of
    /// [#process]. RFC 4303, 2.6: "the protocol value 59 (which means "no next header") MUST be
    /// used to designate a "dummy" packet".
    ///
    /// @return whether there are any
    public boolean dummies(PacketBatch batch, long now) {
        PacedSas.One[] all = paced.all();
        if (all.length == 0) {
            return false;
        }
        retired.forget();
        spare.clear();
        runs.clear();
        for (PacedSas.One one : all) {
            if (!batch.isFull() && one.claim(now)) {
                OutboundSa sa = one.sa();
                int mtu = mtu(sa, spd.settings(one.link()), now);
                int i = dummies.add(batch, sa, one.link(), mtu);
                OutboundSa outer = sa.outer();
                boolean fits =
                        isCarried(batch, i, sa)
                                && (outer == null || fitsRound(batch, i, sa.layout(), outer));
                sas[i] = fits ? sa : null;
                innerLength[i] = DUMMY;
                nextHeader[i] = Protocol.NONE;
            }
        }
        sealAll(batch, now);
        return batch.count() > 0;
    }

    /// Nanoseconds until [#dummies] has something to do, at most `most`.
    public long dummiesDueIn(long now, long most) {
        return paced.dueIn(now, most);
    }

    /// Whether packet `i` has room for what is put round it, and its SA may carry so much more.
    private boolean isCarried(PacketBatch batch, int i, OutboundSa sa) {
        if (!(sa.isAh() ? AhSealer.fits(batch, i, sa) : EspSealer.fits(batch, i, sa.layout()))) {
            drop(sa, Drop.TOO_BIG, 1);
            return false;
        }
        boolean carried = sa.volume().take(batch.length(i));
        if (sa.volume().isDue()) {
            sa.volume().tell(sa.id(), volume);
        }
        if (!carried) {
            drop(sa, Drop.LIFETIME_EXPIRED, 1);
        }
        return carried;
    }

    private static boolean fitsRound(PacketBatch batch, int i, EspLayout esp, OutboundSa outer) {
        int start = batch.start(i) - esp.header();
        return AhSealer.fits(batch, i, start, EspSealer.sealed(batch, i, esp), outer);
    }

    /// Writes the numbers of a run into its packets, and gives the end of those that got one.
    private int number(int run, PacketBatch batch, OutboundSa sa) {
        int from = runs.from(run);
        int to = runs.to(run);
        int[] next = batch == spare ? spareNextHeader : nextHeader;
        int end = from + sa.numbers().granted(runs.before(run), to - from);
        for (int i = from; i < end; i++) {
            long sequence = runs.before(run) + 1 + i - from;
            if (sa.isAh()) {
                ah.frame(batch, i, sa, next[i], sequence);
            } else {
                EspSealer.frame(batch, i, sa, next[i], sequence);
            }
        }
        if (end < to) {
            drop(sa, Drop.SEQUENCE_EXHAUSTED, to - end);
        }
        return end;
    }

    /// RFC 4302, 3.3.4: "If required, IP fragmentation occurs after AH processing within an IPsec
    /// implementation." The kernel, which does it for ESP, does not where we write the IP header.
    private void cut(PacketBatch batch, int i, OutboundSa sa, Path path, long now) {
        int mtu = sa.pathMtu().octets(now);
        if (path.remote().address().v6() || batch.length(i) <= mtu) {
            return;
        }
        int next = batch.count();
        int nextSpare = spare.count();
        if (Ipv4.dontFragment(batch.memory(), batch.start(i))
                || !Fragmenter.cut(batch, i, mtu, spare)) {
            drop(sa, Drop.TOO_BIG, 1);
            batch.lane(i, Lane.DROPPED);
            return;
        }
        send(batch, next, path);
        if (batch != spare) {
            send(spare, nextSpare, path);
        }
    }

    /// There is no DF in IPv6, and no router cuts: what the path does not take is cut here (RFC
    /// 2473, 7.2); what it takes goes whole, whatever the kernel heard of it.
    private void cutForIpv6(PacketBatch batch, int i, OutboundSa sa, Carriage carriage, long now) {
        int mtu = sa.pathMtu().octets(now);
        int octets = Ipv6.HEADER + (carriage.udp() ? Udp.HEADER : 0) + batch.length(i);
        batch.dontFragment(i, octets <= mtu);
        if (octets <= mtu || mtu == PathMtu.ETHERNET) {
            return; // or the kernel cuts it for the first link
        }
        boolean ahOutside = sa.isAh() || sa.outer() != null;
        if (!OuterFragmenter.cut(
                batch,
                i,
                carriage.path(),
                carriage.udp(),
                ahOutside ? Protocol.AH : Protocol.ESP,
                mtu,
                ++identification,
                spare)) {
            drop(sa, Drop.TOO_BIG, 1);
            batch.lane(i, Lane.DROPPED);
        }
    }

    private void drop(OutboundSa sa, Drop why, int packets) {
        drops.count(why, packets);
        sa.drops().count(why, packets);
    }

    private static void send(PacketBatch batch, int from, Path path) {
        for (int i = from; i < batch.count(); i++) {
            batch.lane(i, Lane.AH);
            batch.path(i, path);
        }
    }

    /// Makes packet `i` what ESP or AH carries, and gives its next header.
    private int wrap(PacketBatch batch, int i, OutboundSa sa, long now) {
        if (sa.isHeaderless()) {
            return TransportMode.unwrap(batch, i);
        }
        LinkSettings link = spd.settings(batch.link(i));
        int next = TunnelMode.wrap(batch, i, sa.outerHeader());
        if (sa.outerHeader().tfcOctets() != 0 && !sa.isAh()) {
            pad(batch, i, sa, link, now);
        }
        if (next == Protocol.IPV6
                && batch.dontFragment(i)
                && batch.length(i) > mtu(sa, link, now)) {
            // RFC 2473, 7.1: an inner packet of 1280 octets or less is never refused; it is cut
            batch.dontFragment(i, false);
        }
        return next;
    }

    private static int mtu(OutboundSa sa, @Nullable LinkSettings link, long now) {
        return TunnelMtu.of(
                sa.pathMtu().octets(now),
                link,
                sa.carriage(),
                sa.layout(),
                false,
                sa.isAh(),
                outer(sa));
    }

    /// The payload of packet `i` compressed, if that makes it smaller; its next header. RFC 3173,
    /// 2.1 has it done before any IP security processing.
    private int compress(PacketBatch batch, int i, OutboundSa sa, int nextHeader) {
        Compressing compressing = sa.compressing(worker);
        // Padding against traffic analysis hides the length that compression would show
        if (compressing == null
                || sa.outerHeader().tfcOctets() != 0
                || !Compressor.suits(batch, i)
                || !compressing.isDue()) {
            return nextHeader;
        }
        boolean smaller = compressor.compress(batch, i, nextHeader, compressing.cpi());
        compressing.tried(smaller);
        return smaller ? Protocol.IPCOMP : nextHeader;
    }

    /// RFC 4303, 2.7: padding "added after the end of the payload data", which its own length in
    /// the IP header ends.
    private static void pad(
            PacketBatch batch, int i, OutboundSa sa, @Nullable LinkSettings link, long now) {
        int mtu = mtu(sa, link, now);
        int wanted = sa.outerHeader().tfcOctets();
        int to = wanted == OuterHeader.WHOLE_MTU ? mtu : Math.min(wanted, mtu);
        int was = batch.length(i);
        int behind = sa.layout().padding(to) + Esp.TRAILER + sa.layout().icv();
        if (was >= to || batch.start(i) + to + behind > batch.slotEnd(i)) {
            return;
        }
        batch.memory().asSlice(batch.start(i) + was, to - was).fill((byte) 0);
        batch.place(i, batch.start(i), to);
    }

    private void seal(int run, PacketBatch batch, long now) {
        OutboundSa sa = runs.sa(run);
        int from = runs.from(run);
        int to = number(run, batch, sa);
        if (to == from) {
            return;
        }
        try {
            sa.sealer(worker).seal(batch, from, to);
        } catch (RuntimeException e) {
            // The packets stay DROPPED: what the engine did not seal must not leave
            drop(sa, Drop.ENGINE_ERROR, to - from);
            return;
        }
        OutboundSa ahSa = sa.isAh() ? sa : sa.outer();
        if (ahSa != null
                && ahSa != sa
                && !sealRound(batch, from, to, ahSa, runs.outerBefore(run))) {
            return;
        }
        Carriage carriage = sa.carriage();
        Meter meter = sa.meters().of(worker);
        int[] inner = batch == spare ? spareInnerLength : innerLength;
        boolean tcp = carriage.tcp(); // a stream has no packets that a path could find too large
        boolean v6 = carriage.path().remote().address().v6() && !tcp;
        for (int i = from; i < to; i++) {
            boolean large = batch.length(i) > LARGE && (v6 || batch.dontFragment(i)) && !tcp;
            batch.lane(i, tcp ? Lane.TCP : carriage.udp() ? Lane.UDP : Lane.RAW);
            batch.path(i, carriage.path());
            if (inner[i] == DUMMY) {
                meter.dummy();
            } else {
                meter.add(inner[i], now);
                if (large) {
                    meter.large(now);
                }
            }
            if (ahSa != null) {
                AhSealer.finish(batch, i, ahSa);
                batch.lane(i, Lane.AH);
                cut(batch, i, sa, carriage.path(), now);
            }
            if (v6) {
                cutForIpv6(batch, i, sa, carriage, now);
            }
        }
    }

    /// RFC 2401, 4.5 (case 1): of a bundle, ESP is applied first, then AH to what that made. The AH
    /// SA numbers as many packets as the ESP SA, which stops both in time.
    private boolean sealRound(PacketBatch batch, int from, int to, OutboundSa outer, long before) {
        if (outer.numbers().granted(before, to - from) < to - from) {
            drops.count(Drop.SEQUENCE_EXHAUSTED, to - from);
            return false;
        }
        for (int i = from; i < to; i++) {
            ah.frame(batch, i, outer, Protocol.ESP, before + 1 + i - from);
        }
        try {
            outer.sealer(worker).seal(batch, from, to);
        } catch (RuntimeException e) {
            drops.count(Drop.ENGINE_ERROR, to - from);
            return false;
        }
        return true;
    }
}
