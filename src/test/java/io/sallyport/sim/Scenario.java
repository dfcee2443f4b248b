package io.sallyport.sim;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.RetransmitSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.Specs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/// What one seed says about a world: its gateways, what they are configured to do, the network
/// between them, and what happens to them when.
///
/// @param names of the gateways
/// @param traffic how often each child sends a packet each way
/// @param volume whether children have limits by what they carry: then a packet may be lost where
///   they are used up faster than an exchange takes
record Scenario(
        long seed,
        List<String> names,
        List<Tie> ties,
        EngineSettings settings,
        long traffic,
        boolean volume,
        List<Step> steps) {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final long CLOSE = 590 * SECOND;

    /// Of the gateways.
    static final List<IpAddress> ADDRESSES =
            Stream.of("192.0.2.1", "192.0.2.2", "192.0.2.3").map(IpAddress::of).toList();

    static final List<Cipher> CIPHERS =
            List.of(Cipher.of(Encryption.AES_CBC, 128), Cipher.of(Encryption.AES_GCM_16, 256));
    static final List<EspSuite> SUITES =
            List.of(
                    new EspSuite(
                            Cipher.of(Encryption.AES_CBC, 128),
                            Integrity.HMAC_SHA1_96,
                            Group.NONE,
                            false),
                    new EspSuite(
                            Cipher.of(Encryption.AES_GCM_16, 256),
                            Integrity.NONE,
                            Group.NONE,
                            false));

    /// Two gateways that have a connection of the same name with each other.
    ///
    /// @param a index of the gateway that always begins
    /// @param delay of the line between them, one way
    record Tie(
            String connection, int a, int b, ConnectionSpec ofA, ConnectionSpec ofB, long delay) {
        ConnectionSpec of(int gateway) {
            return gateway == a ? ofA : ofB;
        }

        boolean has(int gateway) {
            return gateway == a || gateway == b;
        }
    }

    /// Something that happens at a time.
    record Step(long at, What what) {
        @Override
        public String toString() {
            return "%9.3f  %s".formatted(at / (double) SECOND, what);
        }
    }

    /// What happens. Indices are of gateways and ties.
    sealed interface What {
        /// Everything in memory is lost, in IKE and in the data plane; then the gateway loads its
        /// configuration again.
        record Crash(int gateway) implements What {}

        /// Nothing passes; `way` 0: in either direction, 1: from `a`, 2: from `b`.
        record Cut(int tie, int way) implements What {}

        /// In percent.
        record Weather(int tie, int loss, int doubled, int reordered) implements What {}

        record Clear(int tie) implements What {}

        record RekeyChild(int gateway, int tie, int child) implements What {}

        record RekeyIke(int gateway, int tie) implements What {}

        record Initiate(int gateway, int tie) implements What {}

        record Terminate(int gateway, int tie) implements What {}

        record CloseChild(int gateway, int tie, int which) implements What {}

        record CloseIke(int gateway, int tie, int which) implements What {}

        /// The configuration is read again; `shorter` makes the lives of all children another.
        record Reload(int gateway, int shorter) implements What {}

        /// The gateway's clock goes forward.
        record Jump(int gateway, long nanos) implements What {}

        /// Whether it is trouble of a machine or of the network, or the end of that.
        default boolean isTrouble() {
            return switch (this) {
                case Crash _, Cut _, Weather _, Clear _, Jump _, Reload _ -> true;
                case RekeyChild _, RekeyIke _, Initiate _ -> false;
                case Terminate _, CloseChild _, CloseIke _ -> false;
            };
        }

        /// The tie that is, at least in part, ended by it or begun again.
        default OptionalInt about() {
            return switch (this) {
                case Terminate(int _, int tie) -> OptionalInt.of(tie);
                case CloseChild(int _, int tie, int _) -> OptionalInt.of(tie);
                case CloseIke(int _, int tie, int _) -> OptionalInt.of(tie);
                case Initiate(int _, int tie) -> OptionalInt.of(tie);
                default -> OptionalInt.empty();
            };
        }
    }

    static Scenario of(long seed) {
        Random dice = new Random(seed * 0x9e3779b97f4a7c15L);
        boolean three = dice.nextInt(100) < 12;
        boolean volume = dice.nextInt(100) < 12;
        List<Tie> ties = new ArrayList<>();
        ties.add(tie(dice, 0, 1, volume));
        if (three) {
            ties.add(tie(dice, 2, 1, volume));
            if (dice.nextBoolean()) {
                ties.add(tie(dice, 0, 2, volume));
            }
        }
        return new Scenario(
                seed,
                three ? List.of("A", "B", "C") : List.of("A", "B"),
                ties,
                settings(dice),
                (200 + dice.nextInt(800)) * MILLI,
                volume,
                script(dice, three ? 3 : 2, ties));
    }

    Scenario with(List<Step> other) {
        return new Scenario(seed, names, ties, settings, traffic, volume, other);
    }

    private static EngineSettings settings(Random dice) {
        return dice.nextBoolean()
                ? EngineSettings.DEFAULT
                : EngineSettings.DEFAULT.withRetransmit(
                        new RetransmitSpec(
                                Duration.ofMillis(700 + dice.nextInt(600)),
                                1.4,
                                Duration.ofSeconds(3),
                                4 + dice.nextInt(3)));
    }

    static IpAddress address(int gateway) {
        return ADDRESSES.get(gateway);
    }

    // ---- connections

    private static Tie tie(Random dice, int a, int b, boolean volume) {
        boolean v2 = dice.nextInt(100) < 60;
        int children = 1 + dice.nextInt(1 + dice.nextInt(3));
        boolean pfs = dice.nextInt(3) == 0;
        boolean dpd = dice.nextInt(5) > 0;
        boolean bothBegin = dice.nextBoolean();
        boolean encap = dice.nextInt(4) == 0;
        String name = "ABC".charAt(a) + "-" + "ABC".charAt(b);
        int delay = 1 + dice.nextInt(dice.nextInt(4) == 0 ? 250 : 60);
        Side side = new Side(name, v2, children, pfs, dpd, encap, volume, delay);
        return new Tie(
                name,
                a,
                b,
                side.spec(dice, a, b, true, false),
                side.spec(dice, b, a, bothBegin, true),
                delay * MILLI);
    }

    private record Side(
            String name,
            boolean v2,
            int children,
            boolean pfs,
            boolean dpd,
            boolean encap,
            boolean volume,
            int millis) {
        ConnectionSpec spec(Random dice, int us, int them, boolean begins, boolean mirrored) {
            List<ChildSpec> specs = new ArrayList<>();
            for (int i = 0; i < children; i++) {
                specs.add(child(dice, i, begins, mirrored));
            }
            IkeProposal ike =
                    v2
                            ? Specs.ike2(Encryption.AES_GCM_16, Group.CURVE_25519)
                            : Specs.ikeWith(Group.MODP_1024);
            int delay = 3 + dice.nextInt(8);
            IkeSpec plain =
                    new IkeSpec(
                            v2 ? IkeVersion.IKEV2 : IkeVersion.IKEV1,
                            List.of(ike),
                            life(dice, 12, 50, 0, 16 * millis),
                            dpd
                                    ? new DpdSpec(
                                            Duration.ofSeconds(delay),
                                            Duration.ofSeconds(3 * delay))
                                    : DpdSpec.OFF,
                            0,
                            encap,
                            false);
            boolean reauth = v2 && dice.nextInt(3) == 0;
            return new ConnectionSpec(
                    name,
                    PeerSpec.psk(new AddressSpec.Fixed(address(us)), Identity.ANY),
                    PeerSpec.psk(new AddressSpec.Fixed(address(them)), Identity.ANY),
                    reauth
                            ? new IkeSpec(
                                    plain.version(),
                                    plain.proposals(),
                                    plain.lifetime(),
                                    Duration.ofSeconds(15 + dice.nextInt(60)),
                                    plain.dpd(),
                                    plain.handshake(),
                                    plain.path())
                            : plain,
                    specs,
                    new Origin("sim.conf", 1));
        }

        private ChildSpec child(Random dice, int index, boolean begins, boolean mirrored) {
            List<Group> groups =
                    pfs ? List.of(v2 ? Group.CURVE_25519 : Group.MODP_1024) : List.of();
            EspProposal esp = v2 ? Specs.esp2(groups) : Specs.espWith(groups);
            List<TrafficSelector> left = net("10." + index + ".0.0/16");
            List<TrafficSelector> right = net("10." + (100 + index) + ".0.0/16");
            Actions actions =
                    begins
                            ? new Actions(
                                    dice.nextInt(4) == 0 ? Actions.Start.TRAP : Actions.Start.START,
                                    dice.nextBoolean() ? Actions.Close.START : Actions.Close.NONE,
                                    Actions.Dpd.RESTART)
                            : new Actions(
                                    Actions.Start.NONE,
                                    Actions.Close.NONE,
                                    dice.nextBoolean() ? Actions.Dpd.CLEAR : Actions.Dpd.HOLD);
            return new ChildSpec(
                    "net" + index,
                    Mode.TUNNEL,
                    List.of(esp),
                    mirrored ? new SelectorPair(right, left) : new SelectorPair(left, right),
                    life(dice, 8, 18, volume ? 12 + dice.nextInt(20) : 0, 8 * millis),
                    actions,
                    new LinkSpec.Shared(),
                    32);
        }

        private static List<TrafficSelector> net(String prefix) {
            return List.of(TrafficSelector.of(IpPrefix.of(prefix)));
        }
    }

    /// @param millis what some exchanges more take on this line
    private static LifetimeSpec life(Random dice, int least, int spread, int packets, int millis) {
        // A line that takes half a second there and back has no room for more exchanges.
        int life = least + millis / 400 + dice.nextInt(spread);
        // The margin holds some refusals, or a datagram that is lost twice.
        return new LifetimeSpec(
                Duration.ofSeconds(life),
                Duration.ofMillis(3500 + millis + dice.nextInt(1000 * life / 3)),
                100,
                true,
                0,
                packets);
    }

    // ---- the script

    private static List<Step> script(Random dice, int gateways, List<Tie> ties) {
        List<Step> steps = new ArrayList<>();
        // What lasts shows in the calm that follows, of which some worlds have more.
        long stormsEnd = (100 + dice.nextInt(350)) * SECOND;
        long t = 5 * SECOND;
        while (t < stormsEnd) {
            long end = Math.min(stormsEnd, t + (15 + dice.nextInt(60)) * SECOND);
            while (t < end) {
                t = misfortune(dice, gateways, ties, t, steps);
            }
            for (int i = 0; i < ties.size(); i++) {
                steps.add(new Step(t, new What.Clear(i)));
            }
            long lull = t + (30 + dice.nextInt(120)) * SECOND;
            t = quiet(dice, ties, t, Math.min(lull, stormsEnd), steps);
        }
        quiet(dice, ties, t, CLOSE - 20 * SECOND, steps);
        steps.sort(Comparator.comparingLong(Step::at));
        return steps;
    }

    /// Only rekeyings, now and then of both ends at once; and seldom a child that is closed and
    /// begun again.
    private static long quiet(
            Random dice, List<Tie> ties, long from, long until, List<Step> steps) {
        long t = from + dice.nextLong(10 * SECOND);
        while (t < until) {
            int tie = dice.nextInt(ties.size());
            Tie between = ties.get(tie);
            int gateway = dice.nextBoolean() ? between.a : between.b;
            if (dice.nextInt(14) == 0) {
                steps.add(new Step(t, new What.CloseChild(gateway, tie, dice.nextInt(4))));
                steps.add(
                        new Step(t + dice.nextLong(5 * SECOND), new What.Initiate(between.a, tie)));
                t += dice.nextLong(15 * SECOND);
                continue;
            }
            steps.add(new Step(t, rekey(dice, gateway, tie, between)));
            if (dice.nextBoolean()) {
                int other = gateway == between.a ? between.b : between.a;
                long soon = dice.nextLong(3 * between.delay);
                steps.add(new Step(t + soon, rekey(dice, other, tie, between)));
            }
            t += dice.nextLong(15 * SECOND);
        }
        return Math.max(t, until);
    }

    private static What rekey(Random dice, int gateway, int tie, Tie between) {
        return dice.nextInt(3) == 0
                ? new What.RekeyIke(gateway, tie)
                : new What.RekeyChild(gateway, tie, dice.nextInt(between.ofA.children().size()));
    }

    private static long misfortune(
            Random dice, int gateways, List<Tie> ties, long t, List<Step> steps) {
        int tie = dice.nextInt(ties.size());
        Tie between = ties.get(tie);
        int gateway = dice.nextBoolean() ? between.a : between.b;
        long later = t + dice.nextLong(10 * SECOND);
        switch (dice.nextInt(14)) {
            case 0 -> steps.add(new Step(t, new What.Crash(gateway)));
            case 1, 2 -> {
                steps.add(new Step(t, new What.Cut(tie, dice.nextInt(3))));
                later = t + dice.nextLong(45 * SECOND);
                steps.add(new Step(later, new What.Clear(tie)));
            }
            case 3, 4 ->
                    steps.add(
                            new Step(
                                    t,
                                    new What.Weather(
                                            tie,
                                            dice.nextInt(35),
                                            dice.nextInt(15),
                                            dice.nextInt(30))));
            case 5 -> steps.add(new Step(t, new What.Clear(tie)));
            case 6, 7, 8 -> steps.add(new Step(t, rekey(dice, gateway, tie, between)));
            case 9 -> {
                steps.add(new Step(t, new What.Terminate(gateway, tie)));
                steps.add(
                        new Step(t + dice.nextLong(5 * SECOND), new What.Initiate(between.a, tie)));
            }
            case 10 -> {
                steps.add(new Step(t, new What.CloseChild(gateway, tie, dice.nextInt(4))));
                steps.add(
                        new Step(t + dice.nextLong(5 * SECOND), new What.Initiate(between.a, tie)));
            }
            case 11 -> {
                steps.add(new Step(t, new What.CloseIke(gateway, tie, dice.nextInt(3))));
                steps.add(
                        new Step(t + dice.nextLong(5 * SECOND), new What.Initiate(between.a, tie)));
            }
            case 12 -> {
                steps.add(new Step(t, new What.Reload(gateway, dice.nextInt(3))));
                steps.add(
                        new Step(t + dice.nextLong(5 * SECOND), new What.Initiate(between.a, tie)));
            }
            default -> {
                long jump = dice.nextInt(3) == 0 ? 3600 * SECOND : dice.nextLong(60 * SECOND);
                steps.add(new Step(t, new What.Jump(dice.nextInt(gateways), jump)));
            }
        }
        return later;
    }
}
