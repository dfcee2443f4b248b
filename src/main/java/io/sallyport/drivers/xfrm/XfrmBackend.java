package io.sallyport.drivers.xfrm;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.time.Clock;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.drivers.xfrm.KernelPolicy.Direction;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.model.command.Probe;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.command.SpdEntry;
import io.sallyport.model.command.TraceStep;
import io.sallyport.model.port.DataPlane;
import io.sallyport.model.port.IpsecBackend;
import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.SelectorPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The Linux kernel as data plane: states and policies by netlink.
///
/// A policy that waits for its SA blocks, in every direction, or asks for the SA if it is a trap;
/// once an SA is active, policies of its own selectors lead packets into it and stand just before
/// that one. So there is no moment in which what is protected passes in clear.
///
/// The outbound state of an SA is added when the SA is activated: the kernel turns to the youngest
/// state of a policy by itself.
///
/// The IKE loop's thread owns it.
public final class XfrmBackend implements IpsecBackend, DataPlane, UsageMeter, AutoCloseable {
    private static final int FIRST_REQID = 0x5a11_0001;

    /// RFC 7600: an address that is nobody's. What a trap asks for has no addresses yet, and the
    /// kernel wants some.
    private static final IpAddress NOBODY4 = IpAddress.of("192.0.0.8");

    /// The same for IPv6, of the discard-only prefix of RFC 6666.
    private static final IpAddress NOBODY6 = IpAddress.of("100::8");

    private final NetlinkSocket socket;
    private final XfrmLinks links;
    private final Clock clock;
    private final int mark;
    private final Consumer<String> tell;
    private final Map<Owner, Policies> policies = new LinkedHashMap<>();
    private final Map<Long, KernelSa> installed = new LinkedHashMap<>();
    private final Map<KernelPolicy.Key, KernelPolicy> present = new HashMap<>();
    private int nextReqid = FIRST_REQID;

    /// An owner's policy, and the SAs that packets take now: one a peer.
    private static final class Policies {
        private final int reqid;
        private PolicyEntry entry;
        private final Set<Long> active = new LinkedHashSet<>();

        private Policies(int reqid, PolicyEntry entry) {
            this.reqid = reqid;
            this.entry = entry;
        }
    }

    /// @param mark of the encrypted packets, so that they are routed as our own are
    /// @param tell takes what the kernel refused, as lines for people
    public XfrmBackend(
            NetlinkSocket socket, XfrmLinks links, Clock clock, int mark, Consumer<String> tell) {
        this.socket = socket;
        this.links = links;
        this.clock = clock;
        this.mark = mark;
        this.tell = tell;
    }

    // ---- policies

    @Override
    public void replace(Collection<PolicyEntry> entries, Collection<Owner> gone) {
        for (PolicyEntry entry : entries) {
            Policies known = policies.get(entry.owner());
            if (known == null) {
                policies.put(entry.owner(), new Policies(nextReqid++, entry));
            } else {
                known.entry = entry;
            }
        }
        settle();
        for (KernelSa sa : List.copyOf(installed.values())) {
            if (gone.contains(sa.owner())) {
                remove(sa.id());
            }
        }
        if (policies.keySet().removeAll(gone)) {
            settle();
        }
    }

    /// Makes the kernel's policies what they must be: first what is new or changed, then what is no
    /// longer wanted goes.
    private void settle() {
        List<Policies> inOrder =
                policies.values().stream()
                        .sorted(Comparator.comparingInt(p -> p.entry.place()))
                        .toList();
        List<KernelPolicy> bases = new ArrayList<>();
        List<KernelPolicy> carrying = new ArrayList<>();
        for (Policies p : inOrder) {
            bases.addAll(base(p));
            for (long id : p.active) {
                carrying.addAll(of(Objects.requireNonNull(installed.get(id)), p));
            }
        }
        Map<KernelPolicy.Key, KernelPolicy> wanted = foremost(bases, carrying);
        for (KernelPolicy policy : wanted.values()) {
            if (!policy.equals(present.get(policy.key()))
                    && ask(() -> socket.ask(policy.put(), "put policy " + policy.key()))) {
                present.put(policy.key(), policy);
            }
        }
        for (KernelPolicy.Key key : List.copyOf(present.keySet())) {
            if (!wanted.containsKey(key)) {
                present.remove(key);
                ask(() -> socket.ask(KernelPolicy.delete(key), "delete policy " + key));
            }
        }
    }

    /// The kernel has one policy for each selector: a piece of one of ours may be a whole other
    /// one, and then the one that comes first stands; of equals the one that was said first, and of
    /// SAs the newest.
    ///
    /// @param bases in the order of the configuration
    static Map<KernelPolicy.Key, KernelPolicy> foremost(
            List<KernelPolicy> bases, List<KernelPolicy> carrying) {
        Map<KernelPolicy.Key, KernelPolicy> wanted = new LinkedHashMap<>();
        for (KernelPolicy one : bases) {
            wanted.merge(one.key(), one, (a, b) -> b.priority() < a.priority() ? b : a);
        }
        for (KernelPolicy one : carrying) {
            wanted.merge(one.key(), one, (a, b) -> b.priority() <= a.priority() ? b : a);
        }
        return wanted;
    }

    /// What stands without an SA.
    private List<KernelPolicy> base(Policies p) {
        PolicyEntry entry = p.entry;
        boolean passes = entry.action() == PolicyAction.BYPASS;
        XfrmLinks.Binding binding = links.binding(entry.owner().link());
        List<KernelPolicy> all = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            boolean asks = entry.trap() && direction == Direction.OUT;
            for (Placed placed : placed(entry, entry.selectors(), direction)) {
                KernelSelector s = placed.selector();
                IpAddress nobody = s.source().address().v6() ? NOBODY6 : NOBODY4;
                List<KernelPolicy.Template> question =
                        asks
                                ? List.of(
                                        new KernelPolicy.Template(
                                                nobody,
                                                nobody,
                                                KernelSa.ESP,
                                                Xfrm.XFRM_MODE_TUNNEL,
                                                p.reqid))
                                : List.of();
                all.add(
                        new KernelPolicy(
                                key(direction, s, binding),
                                !passes && !asks,
                                placed.priority(),
                                question));
            }
        }
        return all;
    }

    /// What leads into an SA, and what may come out of it.
    private List<KernelPolicy> of(KernelSa sa, Policies p) {
        XfrmLinks.Binding binding = links.binding(sa.owner().link());
        List<KernelPolicy> all = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            List<KernelPolicy.Template> templates = sa.templates(direction != Direction.OUT);
            for (Placed placed : placed(p.entry, sa.selectors(), direction)) {
                all.add(
                        new KernelPolicy(
                                key(direction, placed.selector(), binding),
                                false,
                                placed.priority() - 1,
                                templates));
            }
        }
        return all;
    }

    /// A piece of a policy. All pieces of one pair of selectors have one place: how narrow they are
    /// says nothing, but how narrow the whole is.
    ///
    /// @param priority smaller first: even numbers; the odd ones before them are those of SAs
    record Placed(KernelSelector selector, int priority) {}

    static List<Placed> placed(PolicyEntry entry, SelectorPair pair, Direction direction) {
        List<Placed> all = new ArrayList<>();
        for (TrafficSelector ours : pair.local()) {
            for (TrafficSelector theirs : pair.remote()) {
                int priority =
                        2
                                * place(
                                        entry,
                                        whole(entry.selectors().local(), ours),
                                        whole(entry.selectors().remote(), theirs));
                List<KernelSelector> pieces =
                        direction == Direction.OUT
                                ? KernelSelector.of(ours, theirs)
                                : KernelSelector.of(theirs, ours);
                pieces.forEach(s -> all.add(new Placed(s, priority)));
            }
        }
        return all;
    }

    /// What was agreed on stands where the policy stands that it is a part of.
    private static TrafficSelector whole(List<TrafficSelector> said, TrafficSelector part) {
        return said.stream()
                .filter(s -> s.contains(part))
                .max(Comparator.comparingInt(s -> PolicyEntry.narrowness(s, s)))
                .orElse(part);
    }

    /// The order of [PolicyEntry]; of equals the kernel takes the one that came first.
    private static int place(PolicyEntry entry, TrafficSelector ours, TrafficSelector theirs) {
        return entry.priority() > 0
                ? entry.priority()
                : PolicyEntry.LAST_PRIORITY + 0x10000 - PolicyEntry.narrowness(ours, theirs);
    }

    private static KernelPolicy.Key key(
            Direction direction, KernelSelector selector, XfrmLinks.Binding binding) {
        return new KernelPolicy.Key(direction, selector, binding.interfaceId(), binding.mark());
    }

    // ---- states

    /// @throws IllegalArgumentException if the kernel cannot run the suite
    @Override
    public void install(ChildSa sa) {
        Policies p = policies.get(sa.owner());
        if (p == null) {
            throw new IllegalArgumentException("no policy of " + sa.owner());
        }
        KernelSa fresh = new KernelSa(sa, p.reqid, links.binding(sa.owner().link()), mark);
        try {
            links.lead(sa.owner().link(), sa.carriage().path());
            fresh.addInbound(socket);
        } catch (IOException e) {
            fresh.close();
            throw new IllegalArgumentException("the kernel refuses the SA: " + e.getMessage(), e);
        }
        if (sa.handling().outer().tfcRate() > 0) {
            tell.accept(sa.owner() + ": the kernel sends no dummy packets: tfc_rate is of no use");
        }
        installed.put(sa.id(), fresh);
    }

    @Override
    public void activate(long id) {
        KernelSa sa = installed.get(id);
        Policies p = sa == null ? null : policies.get(sa.owner());
        if (sa == null || p == null || !ask(() -> sa.addOutbound(socket))) {
            return;
        }
        p.active.removeIf(old -> replaces(sa, old));
        p.active.add(id);
        settle();
    }

    /// Whether `old` is for the same traffic, so that its successor takes its place.
    private boolean replaces(KernelSa sa, long old) {
        KernelSa before = installed.get(old);
        return before == null
                || before.selectors().equals(sa.selectors()) && before.path().equals(sa.path());
    }

    @Override
    public void remove(long id) {
        KernelSa sa = installed.get(id);
        if (sa == null) {
            return;
        }
        Policies p = policies.get(sa.owner());
        if (p != null && p.active.remove(id)) {
            settle(); // blocks before the state is gone
        }
        installed.remove(id);
        sa.delete(socket).forEach(tell);
        sa.close();
    }

    @Override
    public void move(long id, Carriage carriage) {
        KernelSa sa = installed.get(id);
        if (sa == null) {
            return;
        }
        ask(() -> {
            links.lead(sa.owner().link(), carriage.path());
            sa.move(socket, carriage);
        });
        settle(); // its templates have other addresses now
    }

    @Override
    public SaUsage usage(long id) {
        KernelSa sa = installed.get(id);
        return sa == null ? SaUsage.NONE : sa.usage(socket, clock);
    }

    // ---- what the kernel tells

    /// Which child a packet asked for; empty if that policy is gone.
    public Optional<Owner> owner(int reqid) {
        return policies.entrySet().stream()
                .filter(e -> e.getValue().reqid == reqid)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The SA that has this SPI in either direction.
    public Optional<Long> withSpi(int spi) {
        return installed.values().stream()
                .filter(sa -> sa.hasSpi(spi))
                .map(KernelSa::id)
                .findFirst();
    }

    /// The path of an SA whose peer is elsewhere now.
    public Optional<Path> path(long id) {
        return Optional.ofNullable(installed.get(id)).map(KernelSa::path);
    }

    // ---- for people

    @Override
    public List<SadEntry> associations() {
        List<SadEntry> all = new ArrayList<>();
        for (KernelSa sa : installed.values()) {
            Policies p = policies.get(sa.owner());
            all.add(sa.entry(socket, clock, p != null && p.active.contains(sa.id())));
        }
        return all;
    }

    @Override
    public List<SpdEntry> policies() {
        List<SpdEntry> all = new ArrayList<>();
        for (Policies p : policies.values()) {
            long packets = 0;
            long octets = 0;
            for (long id : p.active) {
                packets += usage(id).packetsOut();
                octets += usage(id).octetsOut();
            }
            all.add(new SpdEntry(p.entry, !p.active.isEmpty(), packets, octets));
        }
        return all;
    }

    @Override
    public List<TraceStep> trace(Probe probe) {
        return List.of(
                new TraceStep(
                        "kernel",
                        "the kernel has the data plane: `ip xfrm policy` shows its policies, `ip"
                                + " xfrm monitor` what happens",
                        true));
    }

    private interface Question {
        void ask() throws IOException;
    }

    private boolean ask(Question question) {
        try {
            question.ask();
            return true;
        } catch (NetlinkException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
                return true; // somebody else took it away
            }
            tell.accept("the kernel refuses: " + e.getMessage());
        } catch (IOException e) {
            tell.accept("the kernel does not answer: " + e.getMessage());
        }
        return false;
    }

    /// Removes all states and policies and forgets the keys.
    @Override
    public void close() {
        List.copyOf(policies.keySet()).forEach(this::unprotect);
        List.copyOf(installed.keySet()).forEach(this::remove);
        socket.close();
        links.close();
    }
}
