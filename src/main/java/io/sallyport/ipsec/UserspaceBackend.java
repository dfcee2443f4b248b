package io.sallyport.ipsec;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.base.ring.Turnstile;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ipsec.sad.InboundSa;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.sad.PacedSas;
import io.sallyport.ipsec.sad.RetiredKeys;
import io.sallyport.ipsec.sad.Sad;
import io.sallyport.ipsec.sad.SleepingCipher;
import io.sallyport.ipsec.select.Selectors;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.ipsec.spd.Policy;
import io.sallyport.ipsec.spd.Spd;
import io.sallyport.ipsec.trace.Trace;
import io.sallyport.model.command.Probe;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.command.SpdEntry;
import io.sallyport.model.command.TraceStep;
import io.sallyport.model.port.DataPlane;
import io.sallyport.model.port.IpsecBackend;
import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Our own data plane: SAD and SPD, worked on by one `pipeline.OutboundPipeline` and one
/// `pipeline.InboundPipeline` of each worker.
///
/// Order of calls: [#link] for each TUN, then [#replace], [#install], [#activate], [#remove].
///
/// Threads: every method here belongs to the IKE loop; each pipeline belongs to a worker. Outbound
/// workers share each SA, [#owner] tells the one inbound worker that an inbound SA belongs to. What
/// the workers read is published whole ([Sad], [Spd], the active SA of a policy). The keys of a
/// removed SA are wiped by the worker that used them, at the start of its next burst
/// ([RetiredKeys]); a worker without traffic processes an empty burst now and then. [#close] wipes
/// the rest when the workers have ended.
public final class UserspaceBackend implements IpsecBackend, DataPlane, UsageMeter, AutoCloseable {
    private final List<CryptoEngine> engines;
    private final Sad sad = new Sad();
    private final Spd spd;
    private final int workers;
    private final Turnstile numbering;
    private final PathLedger paths = new PathLedger();
    private final SenderLedger senders = new SenderLedger();
    private final PacedSas paced = new PacedSas();
    private final List<RetiredKeys> retiredOpeners;
    private final List<RetiredKeys> retiredSealers;
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final Map<Owner, Set<Long>> byOwner = new HashMap<>();
    private Runnable activated = () -> {};
    private final Map<Owner, Map<Drop, Long>> droppedBefore = new HashMap<>();

    private record Pair(
            ChildSa sa, InboundSa inbound, OutboundSa outbound, Optional<InboundSa> outer) {
        Owner owner() {
            return sa.owner();
        }
    }

    /// @param engines in order of preference: the first that offers a suite runs it
    public UserspaceBackend(List<CryptoEngine> engines) {
        this(engines, 1);
    }

    /// @param workers outbound, and as many inbound
    public UserspaceBackend(List<CryptoEngine> engines, int workers) {
        this.engines = List.copyOf(engines);
        this.workers = workers;
        this.numbering = new Turnstile(workers);
        this.spd = new Spd(workers);
        this.retiredOpeners = Stream.generate(RetiredKeys::new).limit(workers).toList();
        this.retiredSealers = Stream.generate(RetiredKeys::new).limit(workers).toList();
    }

    /// Outbound workers, and as many inbound ones.
    public int workers() {
        return workers;
    }

    /// The inbound worker, of so many, that opens all that comes by this SPI. The kernel, which
    /// gives a worker its packets, reckons the same.
    public static int owner(int spi, int workers) {
        return workers == 1 ? 0 : Integer.remainderUnsigned(spi, workers);
    }

    /// Names a TUN: `name` as in [Owner#link()] (empty: the shared one), `number` as in the batch's
    /// link. The MTU is computed for each SA.
    public void link(String name, int number) {
        link(name, number, 0);
    }

    /// @param mtu largest inner packet in octets, 68..65535; 0: computed
    public void link(String name, int number, int mtu) {
        spd.link(name, new LinkSettings(number, mtu));
    }

    /// @throws IllegalArgumentException if an owner's link was never named, or a side of selectors
    ///   is empty; nothing was changed then
    @Override
    public void replace(Collection<PolicyEntry> entries, Collection<Owner> gone) {
        spd.replace(entries, gone);
        for (Owner owner : gone) {
            List.copyOf(byOwner.getOrDefault(owner, Set.of())).forEach(this::remove);
        }
    }

    /// @throws IllegalArgumentException if no engine offers the suite, a key has another length
    ///   than the suite's, the owner's link was never named, or the id or the inbound SPI is in use
    @Override
    public void install(ChildSa sa) {
        if (pairs.containsKey(sa.id())) {
            throw new IllegalArgumentException("child SA " + sa.id() + " is installed");
        }
        CryptoEngine engine = engineFor(sa);
        int link = spd.linkOf(sa.owner());
        if (sa.suite().isBundle() != sa.handling().ah().isPresent()) {
            throw new IllegalArgumentException(sa.suite() + " without keys for each protocol");
        }
        List<PacketCipher> ciphers = new ArrayList<>();
        boolean installed = false;
        try {
            PacketCipher opener =
                    kept(ciphers, SleepingCipher.opener(engine, sa.suite(), sa.inbound()));
            List<PacketCipher> sealers = sealers(ciphers, engine, sa.suite(), sa.outbound());
            Selectors selectors = new Selectors(sa.selectors());
            InboundSa inbound = new InboundSa(sa, selectors, link, opener);
            Optional<InboundSa> outer = Optional.empty();
            OutboundSa outbound = new OutboundSa(sa, selectors, sealers, sa.outbound().sequence());
            if (sa.handling().ah().isPresent()) {
                AhPair ah = sa.handling().ah().get();
                PacketCipher ahOpener =
                        kept(
                                ciphers,
                                SleepingCipher.opener(
                                        engine, sa.suite().outerSuite(), ah.inbound()));
                List<PacketCipher> ahSealers =
                        sealers(ciphers, engine, sa.suite().outerSuite(), ah.outbound());
                outer = Optional.of(InboundSa.round(inbound, sa, ah.inbound(), ahOpener));
                outbound = OutboundSa.bundle(sa, selectors, sealers, ah.outbound(), ahSealers);
                sad.add(outer.get());
            }
            try {
                sad.add(inbound);
            } catch (IllegalArgumentException e) {
                outer.ifPresent(sad::remove);
                throw e;
            }
            pairs.put(sa.id(), new Pair(withoutKeys(sa), inbound, outbound, outer));
            paths.add(inbound, outbound);
            senders.add(inbound);
            outer.ifPresent(senders::add);
            byOwner.computeIfAbsent(sa.owner(), _ -> new LinkedHashSet<>(2)).add(sa.id());
            installed = true;
        } finally {
            if (!installed) {
                ciphers.forEach(PacketCipher::close);
            }
        }
    }

    /// The SA as it is shown: its keys belong to others, and to the ciphers.
    private static ChildSa withoutKeys(ChildSa sa) {
        return new ChildSa(
                sa.id(),
                sa.owner(),
                sa.suite(),
                new SaHalf(sa.inbound().spi(), Secret.EMPTY, Secret.EMPTY),
                new SaHalf(sa.outbound().spi(), Secret.EMPTY, Secret.EMPTY),
                sa.selectors(),
                sa.carriage(),
                new ChildSa.Handling(
                        sa.handling().mode(),
                        sa.handling().replayWindow(),
                        sa.handling().natOriginal(),
                        sa.handling().volume(),
                        Optional.empty(),
                        sa.handling().outer(),
                        sa.handling().compression()));
    }

    /// One for each worker.
    private List<PacketCipher> sealers(
            List<PacketCipher> ciphers, CryptoEngine engine, EspSuite suite, SaHalf half) {
        List<PacketCipher> sealers = new ArrayList<>(workers);
        for (int i = 0; i < workers; i++) {
            sealers.add(kept(ciphers, SleepingCipher.sealer(engine, suite, half)));
        }
        return sealers;
    }

    private static PacketCipher kept(List<PacketCipher> ciphers, PacketCipher fresh) {
        ciphers.add(fresh);
        return fresh;
    }

    private CryptoEngine engineFor(ChildSa sa) {
        for (CryptoEngine engine : engines) {
            if (engine.offers(sa.suite())) {
                return engine;
            }
        }
        throw new IllegalArgumentException("no engine offers " + sa.suite());
    }

    @Override
    public void activate(long id) {
        Pair pair = pairs.get(id);
        if (pair != null) {
            spd.activate(pair.owner(), pair.outbound());
            if (PacedSas.isFor(pair.outbound())) {
                pace(pair.owner());
            }
            activated.run();
        }
    }

    /// Of the owner's SAs, dummy packets go over those that packets take.
    private void pace(Owner owner) {
        Policy policy = spd.policy(owner);
        for (long id : byOwner.getOrDefault(owner, Set.of())) {
            OutboundSa sa = Objects.requireNonNull(pairs.get(id)).outbound();
            if (policy != null && policy.takes(sa)) {
                paced.add(sa, spd.linkOf(owner));
            } else {
                paced.remove(sa);
            }
        }
    }

    /// Called after each [#activate]: packets may wait for the SA.
    public void whenActivated(Runnable wake) {
        activated = wake;
    }

    @Override
    public void remove(long id) {
        Pair pair = pairs.remove(id);
        if (pair == null) {
            return;
        }
        // First no road leads to the SA any more, then its keys are given to be wiped
        sad.remove(pair.inbound());
        paths.remove(pair.outbound());
        senders.remove(pair.inbound());
        pair.outer().ifPresent(senders::remove);
        spd.deactivate(pair.owner(), pair.outbound());
        paced.remove(pair.outbound());
        Set<Long> others = byOwner.get(pair.owner());
        if (others != null && others.remove(id) && others.isEmpty()) {
            byOwner.remove(pair.owner());
        }
        add(droppedBefore.computeIfAbsent(pair.owner(), _ -> new EnumMap<>(Drop.class)), pair);
        pair.outer().ifPresent(sad::remove);
        // The ESP of a bundle is opened by whoever opened the AH round it
        int owner = owner(pair.outer().orElse(pair.inbound()).spi(), workers);
        retiredOpeners.get(owner).retire(pair.inbound().opener());
        pair.outer().ifPresent(ah -> retiredOpeners.get(owner).retire(ah.opener()));
        retire(pair.outbound());
        OutboundSa round = pair.outbound().outer();
        if (round != null) {
            retire(round);
        }
    }

    private void retire(OutboundSa sa) {
        for (int i = 0; i < workers; i++) {
            retiredSealers.get(i).retire(sa.sealer(i));
        }
    }

    @Override
    public void move(long id, Carriage carriage) {
        Pair pair = pairs.get(id);
        if (pair != null) {
            Path before = pair.outbound().carriage().path();
            pair.inbound().carriage(carriage);
            pair.outbound().carriage(carriage);
            paths.moved(pair.inbound(), pair.outbound(), before);
            senders.moved(pair.inbound());
            pair.outer().ifPresent(ah -> ah.carriage(carriage));
            pair.outer().ifPresent(senders::moved);
            OutboundSa round = pair.outbound().outer();
            if (round != null) {
                round.carriage(carriage);
            }
        }
    }

    @Override
    public boolean compresses() {
        return true;
    }

    @Override
    public SaUsage usage(long id) {
        Pair pair = pairs.get(id);
        if (pair == null) {
            return SaUsage.NONE;
        }
        return new SaUsage(
                pair.inbound().meter().packets(),
                pair.inbound().meter().octets(),
                pair.outbound().meters().packets(),
                pair.outbound().meters().octets(),
                pair.inbound().meter().lastNanos(),
                pair.outbound().meters().lastNanos());
    }

    @Override
    public int pathMtu(long id) {
        Pair pair = pairs.get(id);
        return pair == null ? 0 : pair.outbound().pathMtu().remembered();
    }

    @Override
    public List<SpdEntry> policies() {
        return spd.policies().stream()
                .map(p -> new SpdEntry(p.entry(), p.hasSa(), p.packets(), p.octets()))
                .toList();
    }

    @Override
    public List<SadEntry> associations() {
        return installed().stream().map(this::entry).toList();
    }

    private SadEntry entry(long id) {
        Pair pair = Objects.requireNonNull(pairs.get(id));
        Policy policy = spd.policy(pair.owner());
        ChildSa sa = pair.sa();
        return new SadEntry(
                new ChildSa(
                        sa.id(),
                        sa.owner(),
                        sa.suite(),
                        sa.inbound(),
                        sa.outbound(),
                        sa.selectors(),
                        pair.outbound().carriage(),
                        sa.handling()),
                policy != null && policy.takes(pair.outbound()),
                pair.outbound().sequence(),
                pair.inbound().window().top(),
                pair.outbound().meters().dummies(),
                pair.outbound().pathMtu().remembered(),
                usage(id));
    }

    @Override
    public List<TraceStep> trace(Probe probe) {
        return Trace.of(spd, probe);
    }

    @Override
    public Map<Drop, Long> drops(Owner owner) {
        Map<Drop, Long> all = spd.drops(owner).snapshot();
        droppedBefore.getOrDefault(owner, Map.of()).forEach((w, n) -> all.merge(w, n, Long::sum));
        spd.linkDropsOf(owner).forEach((w, n) -> all.merge(w, n, Long::sum));
        for (long id : byOwner.getOrDefault(owner, Set.of())) {
            add(all, Objects.requireNonNull(pairs.get(id)));
        }
        return all;
    }

    private static void add(Map<Drop, Long> to, Pair pair) {
        pair.inbound().drops().snapshot().forEach((why, n) -> to.merge(why, n, Long::sum));
        pair.outbound().drops().snapshot().forEach((why, n) -> to.merge(why, n, Long::sum));
    }

    /// Ids of the child SAs installed.
    public List<Long> installed() {
        return pairs.keySet().stream().sorted().toList();
    }

    /// What the paths take. The IKE loop only.
    public PathLedger paths() {
        return paths;
    }

    /// Whose packets are expected. The IKE loop only.
    public SenderLedger senders() {
        return senders;
    }

    /// For the outbound pipelines.
    public PacedSas paced() {
        return paced;
    }

    /// For the inbound pipelines.
    public Sad sad() {
        return sad;
    }

    /// For the pipelines.
    public Spd spd() {
        return spd;
    }

    /// For the outbound pipelines.
    public Turnstile numbering() {
        return numbering;
    }

    /// For an inbound pipeline.
    public RetiredKeys retiredOpeners(int worker) {
        return retiredOpeners.get(worker);
    }

    /// For an outbound pipeline.
    public RetiredKeys retiredSealers(int worker) {
        return retiredSealers.get(worker);
    }

    /// Removes every SA and policy and wipes all keys. Only when all workers have ended.
    @Override
    public void close() {
        replace(List.of(), spd.policies().stream().map(Policy::owner).toList());
        installed().forEach(this::remove);
        retiredOpeners.forEach(RetiredKeys::forget);
        retiredSealers.forEach(RetiredKeys::forget);
    }
}
