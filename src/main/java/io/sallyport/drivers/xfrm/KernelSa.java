package io.sallyport.drivers.xfrm;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Clock;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.drivers.netlink.Attributes;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.drivers.xfrm.StateMessages.Replay;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A child SA as states of the kernel: one a direction, two with AH round ESP. It keeps the keys
/// until it is closed, for a peer that moves has its states made anew.
final class KernelSa implements AutoCloseable {
    static final int ESP = 50;
    static final int AH = 51;
    private static final long NANOS = 1_000_000_000;

    private final ChildSa sa;
    private final int reqid;
    private final XfrmLinks.Binding binding;
    private final int mark;
    private Carriage carriage;
    private boolean outbound;
    private final Seen in = new Seen();
    private final Seen out = new Seen();

    /// When the counter of a direction last moved, as far as anybody asked.
    private static final class Seen {
        private long packets;
        private long lastNanos = SaUsage.NEVER;
    }

    /// One state: a half of the SA, the protocol it is of, and the key material.
    private record Layer(SaHalf half, EspSuite suite, int protocol, int mode) {}

    KernelSa(ChildSa sa, int reqid, XfrmLinks.Binding binding, int mark) {
        if (!KernelAlgorithms.knows(sa.suite())) {
            throw new IllegalArgumentException("the kernel does not know " + sa.suite());
        }
        this.sa = withOwnKeys(sa);
        this.reqid = reqid;
        this.binding = binding;
        this.mark = mark;
        this.carriage = sa.carriage();
    }

    private static ChildSa withOwnKeys(ChildSa sa) {
        ChildSa.Handling h = sa.handling();
        return new ChildSa(
                sa.id(),
                sa.owner(),
                sa.suite(),
                copy(sa.inbound()),
                copy(sa.outbound()),
                sa.selectors(),
                sa.carriage(),
                new ChildSa.Handling(
                        h.mode(),
                        h.replayWindow(),
                        h.natOriginal(),
                        h.volume(),
                        h.ah().map(ah -> new AhPair(copy(ah.inbound()), copy(ah.outbound()))),
                        h.outer(),
                        h.compression()));
    }

    private static SaHalf copy(SaHalf half) {
        return new SaHalf(half.spi(), half.encryptionKey().copy(), half.integrityKey().copy());
    }

    long id() {
        return sa.id();
    }

    Owner owner() {
        return sa.owner();
    }

    SelectorPair selectors() {
        return sa.selectors();
    }

    Path path() {
        return carriage.path();
    }

    boolean hasSpi(int spi) {
        return sa.inbound().spi() == spi
                || sa.outbound().spi() == spi
                || sa.handling()
                        .ah()
                        .filter(ah -> ah.inbound().spi() == spi || ah.outbound().spi() == spi)
                        .isPresent();
    }

    /// The innermost first, as the kernel applies them.
    private List<Layer> layers(boolean inbound) {
        List<Layer> layers = new ArrayList<>();
        layers.add(
                new Layer(
                        inbound ? sa.inbound() : sa.outbound(),
                        sa.suite(),
                        sa.suite().isAh() ? AH : ESP,
                        mode(sa.handling().mode())));
        sa.handling()
                .ah()
                .ifPresent(ah ->
                        layers.add(
                                new Layer(
                                        inbound ? ah.inbound() : ah.outbound(),
                                        sa.suite().outerSuite(),
                                        AH,
                                        Xfrm.XFRM_MODE_TRANSPORT)));
        return layers;
    }

    private static int mode(Mode mode) {
        return switch (mode) {
            case TRANSPORT -> Xfrm.XFRM_MODE_TRANSPORT;
            case BEET -> Xfrm.XFRM_MODE_BEET;
            case TUNNEL, PASS, DROP -> Xfrm.XFRM_MODE_TUNNEL;
        };
    }

    List<KernelPolicy.Template> templates(boolean inbound) {
        List<KernelPolicy.Template> templates = new ArrayList<>();
        for (Layer layer : layers(inbound)) {
            templates.add(
                    new KernelPolicy.Template(
                            inbound ? path().remote().address() : path().local().address(),
                            inbound ? path().local().address() : path().remote().address(),
                            layer.protocol(),
                            layer.mode(),
                            reqid));
        }
        return templates;
    }

    void addInbound(NetlinkSocket socket) throws IOException {
        add(socket, true, List.of());
    }

    void addOutbound(NetlinkSocket socket) throws IOException {
        if (!outbound) {
            add(socket, false, List.of());
            outbound = true;
        }
    }

    /// Adds the states of one direction, or none.
    ///
    /// @param replays of the states that these go on from; empty: new ones
    private void add(NetlinkSocket socket, boolean inbound, List<Optional<Replay>> replays)
            throws IOException {
        List<Layer> layers = layers(inbound);
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            try {
                socket.ask(
                        message(
                                layer,
                                inbound,
                                replays.isEmpty() ? Optional.empty() : replays.get(i)),
                        "add state " + layer.half().spiText());
            } catch (IOException e) {
                for (Layer done : layers.subList(0, i)) {
                    socket.ask(StateMessages.delete(id(done, inbound)), "delete state");
                }
                throw e;
            }
        }
    }

    private NetlinkMessage message(Layer layer, boolean inbound, Optional<Replay> replay) {
        boolean ofTunnel = layer.mode() == Xfrm.XFRM_MODE_TUNNEL;
        NetlinkMessage message =
                StateMessages.add(
                        new StateMessages.Wish(
                                id(layer, inbound),
                                inbound ? path().remote().address() : path().local().address(),
                                layer.mode(),
                                reqid,
                                flags(layer, inbound, ofTunnel),
                                ofTunnel && !sa.handling().outer().copyDscp()
                                        ? Xfrm.XFRM_SA_XFLAG_DONT_ENCAP_DSCP
                                        : 0,
                                sa.handling().replayWindow(),
                                ofTunnel ? Optional.empty() : selector(inbound),
                                sa.handling().volume(),
                                replay));
        KernelAlgorithms.add(
                message, layer.suite(), layer.half().encryptionKey(), layer.half().integrityKey());
        if (carriage.udp()) {
            int ours = path().local().port();
            int theirs = path().remote().port();
            message.attribute(
                    Xfrm.XFRMA_ENCAP,
                    inbound
                            ? StateMessages.encapsulation(theirs, ours)
                            : StateMessages.encapsulation(ours, theirs));
        }
        if (!inbound) {
            message.attribute(Xfrm.XFRMA_SET_MARK, mark);
            int tfc = sa.handling().outer().tfcOctets();
            if (tfc != 0 && ofTunnel && layer.protocol() == ESP) {
                message.attribute(Xfrm.XFRMA_TFCPAD, tfc < 0 ? 0xffff : tfc);
            }
        }
        if (binding.interfaceId() != 0) {
            message.attribute(Xfrm.XFRMA_IF_ID, binding.interfaceId());
        }
        return message;
    }

    private int flags(Layer layer, boolean inbound, boolean ofTunnel) {
        int flags = layer.suite().esn() ? Xfrm.XFRM_STATE_ESN : 0;
        if (ofTunnel) {
            flags |= Xfrm.XFRM_STATE_AF_UNSPEC; // the inner family may be another
            flags |= sa.handling().outer().copyEcn() ? 0 : Xfrm.XFRM_STATE_NOECN;
            flags |= inbound && sa.handling().outer().copyDscpIn() ? Xfrm.XFRM_STATE_DECAP_DSCP : 0;
        }
        if (layer.protocol() == AH && !path().local().address().v6()) {
            flags |= Xfrm.XFRM_STATE_ALIGN4;
        }
        return flags;
    }

    /// In transport mode the kernel compares each packet with the one selector of the state; where
    /// there are several, the policies alone decide.
    private Optional<KernelSelector> selector(boolean inbound) {
        if (sa.selectors().local().size() != 1 || sa.selectors().remote().size() != 1) {
            return Optional.empty();
        }
        var ours = sa.selectors().local().getFirst();
        var theirs = sa.selectors().remote().getFirst();
        List<KernelSelector> all =
                inbound ? KernelSelector.of(theirs, ours) : KernelSelector.of(ours, theirs);
        return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    private StateMessages.Id id(Layer layer, boolean inbound) {
        return new StateMessages.Id(
                inbound ? path().local().address() : path().remote().address(),
                layer.half().spi(),
                layer.protocol());
    }

    /// The peer is elsewhere: the states are made anew and go on with their numbers and windows.
    void move(NetlinkSocket socket, Carriage to) throws IOException {
        List<Optional<Replay>> inbound = replays(socket, true);
        List<Optional<Replay>> numbers = outbound ? replays(socket, false) : List.of();
        delete(socket);
        carriage = to;
        add(socket, true, inbound);
        if (outbound) {
            add(socket, false, numbers);
        }
    }

    private List<Optional<Replay>> replays(NetlinkSocket socket, boolean inbound)
            throws IOException {
        List<Optional<Replay>> all = new ArrayList<>();
        for (Layer layer : layers(inbound)) {
            Optional<Replay> found = Optional.empty();
            for (NetlinkReply reply :
                    socket.ask(StateMessages.get(id(layer, inbound)), "read state")) {
                Attributes attributes = reply.attributes(Xfrm.USERSA_INFO);
                found =
                        replay(attributes, Xfrm.XFRMA_REPLAY_ESN_VAL)
                                .or(() -> replay(attributes, Xfrm.XFRMA_REPLAY_VAL));
            }
            all.add(found);
        }
        return all;
    }

    private static Optional<Replay> replay(Attributes attributes, int type) {
        return attributes.octets(type).map(value -> new Replay(type, value));
    }

    /// Deletes the states that there are.
    ///
    /// @return what the kernel refused, for people
    List<String> delete(NetlinkSocket socket) {
        List<String> refused = new ArrayList<>();
        delete(socket, true, refused);
        if (outbound) {
            delete(socket, false, refused);
        }
        return refused;
    }

    private void delete(NetlinkSocket socket, boolean inbound, List<String> refused) {
        for (Layer layer : layers(inbound)) {
            try {
                socket.ask(
                        StateMessages.delete(id(layer, inbound)),
                        "delete state " + layer.half().spiText());
            } catch (NetlinkException e) {
                if (!e.is(Errno.ESRCH)) { // a hard limit deletes it in the kernel
                    refused.add(e.getMessage());
                }
            } catch (IOException e) {
                refused.add(e.getMessage());
            }
        }
    }

    /// What the kernel counted; the octets are those of whole packets, headers included.
    SaUsage usage(NetlinkSocket socket, Clock clock) {
        Counted received = count(socket, true, in, clock);
        Counted sent = outbound ? count(socket, false, out, clock) : Counted.NOTHING;
        return new SaUsage(
                received.packets(),
                received.octets(),
                sent.packets(),
                sent.octets(),
                in.lastNanos,
                out.lastNanos);
    }

    private record Counted(long packets, long octets) {
        static final Counted NOTHING = new Counted(0, 0);
    }

    private Counted count(NetlinkSocket socket, boolean inbound, Seen seen, Clock clock) {
        try {
            for (NetlinkReply reply :
                    socket.ask(
                            StateMessages.get(id(layers(inbound).getFirst(), inbound)),
                            "read state")) {
                ByteBuffer info = reply.body().buffer().order(ByteOrder.nativeOrder());
                if (info.remaining() < Xfrm.USERSA_INFO) {
                    break;
                }
                Counted counted =
                        new Counted(info.getLong(Xfrm.SA_PACKETS), info.getLong(Xfrm.SA_BYTES));
                if (counted.packets() != seen.packets) {
                    seen.packets = counted.packets();
                    seen.lastNanos = lastUse(reply, clock);
                }
                return counted;
            }
        } catch (IOException _) {
            // it ended by itself, at a hard limit: nothing more is known of it
        }
        return new Counted(seen.packets, 0);
    }

    /// The kernel tells the second of the last use, where it knows it.
    private static long lastUse(NetlinkReply reply, Clock clock) {
        long now = clock.nanos();
        Optional<Octets> used = reply.attributes(Xfrm.USERSA_INFO).octets(Xfrm.XFRMA_LASTUSED);
        if (used.isEmpty() || used.get().length() != 8) {
            return now;
        }
        long seconds = used.get().buffer().order(ByteOrder.nativeOrder()).getLong();
        long ago = Math.max(0, clock.now().getEpochSecond() - seconds);
        return seconds == 0 ? now : now - ago * NANOS;
    }

    SadEntry entry(NetlinkSocket socket, Clock clock, boolean active) {
        SaUsage usage = usage(socket, clock);
        return new SadEntry(
                new ChildSa(
                        sa.id(),
                        sa.owner(),
                        sa.suite(),
                        new SaHalf(sa.inbound().spi(), Secret.EMPTY, Secret.EMPTY),
                        new SaHalf(sa.outbound().spi(), Secret.EMPTY, Secret.EMPTY),
                        sa.selectors(),
                        carriage,
                        new ChildSa.Handling(
                                sa.handling().mode(),
                                sa.handling().replayWindow(),
                                sa.handling().natOriginal())),
                active,
                usage.packetsOut(),
                usage.packetsIn(),
                0,
                0,
                usage);
    }

    @Override
    public void close() {
        forget(sa.inbound());
        forget(sa.outbound());
        sa.handling()
                .ah()
                .ifPresent(ah -> {
                    forget(ah.inbound());
                    forget(ah.outbound());
                });
    }

    private static void forget(SaHalf half) {
        half.encryptionKey().close();
        half.integrityKey().close();
    }
}
