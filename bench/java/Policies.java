import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.ipsecmb.IpsecMbEngine;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import io.sallyport.ipsec.pipeline.OutboundPipeline;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.spd.Classifier;
import io.sallyport.ipsec.spd.Verdict;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Nanoseconds a packet, with 1, 1,000 and 100,000 policies and as many SA pairs. The sizes are
/// measured in turns, round by round; the median is printed.
///
/// ```text
///  one tunnel      whole pipelines, 64 flows of one tunnel, AES-128-GCM; the others idle
///  classify        SPD: 64 flows, spread over all policies there are
///  classify, new   the same without the flow cache: every packet is the first of its flow
///  by SPI          SAD: 64 SAs, spread over all
///  road out, in    as "one tunnel", but each of the 64 flows in a tunnel of its own (if there are
///                  as many): a run of one SA is one packet long, which is dearer than one of 64
///  install         an SA pair and its policy, the last hundredth of them
/// ```
///
/// "All over" in the last lines: every packet of another policy and SA, which no processor's cache
/// holds: what that costs is memory, not structure.
final class Policies {
    private static final int[] SIZES = {1, 1_000, 100_000};
    private static final int FLOWS = 64;
    private static final EspSuite GCM =
            new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false);

    private static volatile long sink;

    /// One size, built once.
    private static final class Site {
        final int size;
        final UserspaceBackend a;
        final UserspaceBackend b;
        final Arena arena = Arena.ofShared();
        final Classifier classifier;
        final OutboundPipeline out;
        final InboundPipeline in;
        final Flow[] few;
        final Flow[] all;
        final int[] spis;
        final PacketBatch[] small;
        final PacketBatch[] large;
        final PacketBatch[] oneSmall;
        final PacketBatch[] oneLarge;
        final double installNanos;

        Site(int size, List<CryptoEngine> engines) {
            this.size = size;
            a = new UserspaceBackend(engines);
            b = new UserspaceBackend(engines);
            a.link("", 0);
            b.link("", 0);
            long begin = 0;
            int last = Math.max(1, size / 100);
            for (int i = 0; i < size; i++) {
                if (i == size - last) {
                    begin = System.nanoTime();
                }
                install(a, i, true);
            }
            installNanos = (System.nanoTime() - begin) / (double) last;
            for (int i = 0; i < size; i++) {
                install(b, i, false);
            }
            classifier = new Classifier(a.spd(), 0);
            out = new OutboundPipeline(a, _ -> {}, batch());
            in = new InboundPipeline(b, (_, _) -> {});
            few = new Flow[FLOWS];
            spis = new int[FLOWS];
            for (int i = 0; i < FLOWS; i++) {
                few[i] = flow(packet(i * Math.max(1, size / FLOWS) % size, 64, i));
                spis[i] = 1_000_000 + i * Math.max(1, size / FLOWS) % size;
            }
            all = new Flow[Math.max(FLOWS, size)];
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < all.length; i++) {
                order.add(i % size);
            }
            java.util.Collections.shuffle(order, new Random(1));
            for (int i = 0; i < all.length; i++) {
                all[i] = flow(packet(order.get(i), 64, 1));
            }
            small = batches(64, false);
            large = batches(1400, false);
            oneSmall = batches(64, true);
            oneLarge = batches(1400, true);
        }

        private PacketBatch[] batches(int octets, boolean one) {
            PacketBatch source = batch();
            for (int i = 0; i < FLOWS; i++) {
                int to = one ? size / 2 : i * Math.max(1, size / FLOWS) % size;
                byte[] p = packet(to, octets, i);
                source.fill(source.add(), p, 0, p.length);
            }
            return new PacketBatch[] {source, batch(), batch()};
        }

        PacketBatch batch() {
            return new PacketBatch(arena, PacketBatch.MOST, 2048, 128);
        }

        private static void install(UserspaceBackend backend, int i, boolean left) {
            Owner owner = new Owner("c" + i, "c", "");
            TrafficSelector ours = TrafficSelector.of(IpPrefix.of("10.0.0.0/8"));
            // A network of 256 for each, from 20.0.0.0 on
            TrafficSelector theirs =
                    TrafficSelector.of(IpPrefix.of(IpAddress.v4(0x14000000 + (i << 8)) + "/24"));
            SelectorPair pair =
                    left
                            ? new SelectorPair(List.of(ours), List.of(theirs))
                            : new SelectorPair(List.of(theirs), List.of(ours));
            backend.protect(new PolicyEntry(owner, pair, true));
            IpAddress me = IpAddress.of("192.0.2.1");
            IpAddress peer = IpAddress.v4(0xc6120000 + i);
            Path path =
                    left
                            ? new Path(new Endpoint(me, 4500), new Endpoint(peer, 4500))
                            : new Path(new Endpoint(peer, 4500), new Endpoint(me, 4500));
            SaHalf there = half(1_000_000 + i);
            SaHalf back = half(3_000_000 + i);
            backend.install(
                    new ChildSa(
                            i + 1,
                            owner,
                            GCM,
                            left ? back : there,
                            left ? there : back,
                            pair,
                            new Carriage(path, true),
                            new ChildSa.Handling(Mode.TUNNEL, 1024)));
            backend.activate(i + 1);
        }

        private static SaHalf half(int spi) {
            byte[] key = new byte[20];
            new Random(spi).nextBytes(key);
            return new SaHalf(spi, Secret.of(key), Secret.EMPTY);
        }

        private static byte[] packet(int to, int octets, int port) {
            byte[] p = new byte[octets];
            java.nio.ByteBuffer b = java.nio.ByteBuffer.wrap(p);
            b.putShort((short) 0x4500).putShort((short) octets).putInt(0);
            b.put((byte) 64).put((byte) 17).putShort((short) 0);
            b.putInt(0x0a010203).putInt(0x14000000 + (to << 8) + 9);
            b.putShort((short) (1000 + port)).putShort((short) 53).putShort((short) (octets - 20));
            return p;
        }

        private static Flow flow(byte[] packet) {
            Flow flow = new Flow();
            if (!flow.read(MemorySegment.ofArray(packet), 0, packet.length)) {
                throw new AssertionError();
            }
            return flow;
        }

        double classify(Flow[] flows, int times) {
            long begin = System.nanoTime();
            int good = 0;
            for (int t = 0; t < times; t++) {
                for (Flow flow : flows) {
                    good += classifier.classify(flow, 0) == Verdict.PROTECT ? 1 : 0;
                }
            }
            long nanos = System.nanoTime() - begin;
            if (good != times * flows.length) {
                throw new AssertionError(good + " of " + times * flows.length);
            }
            return nanos / (double) good;
        }

        /// Each packet from another port, so that the flow was never seen.
        double classifyNew(int times) {
            byte[][] packets = new byte[FLOWS][];
            for (int i = 0; i < FLOWS; i++) {
                packets[i] = packet(i * Math.max(1, size / FLOWS) % size, 64, i);
            }
            MemorySegment[] memory = new MemorySegment[FLOWS];
            for (int i = 0; i < FLOWS; i++) {
                memory[i] = MemorySegment.ofArray(packets[i]);
            }
            Flow flow = new Flow();
            int good = 0;
            long begin = System.nanoTime();
            for (int t = 0; t < times; t++) {
                for (int i = 0; i < FLOWS; i++) {
                    packets[i][20] = (byte) (t >>> 8);
                    packets[i][21] = (byte) t;
                    flow.read(memory[i], 0, 64);
                    good += classifier.classify(flow, 0) == Verdict.PROTECT ? 1 : 0;
                }
            }
            return (System.nanoTime() - begin) / (double) good;
        }

        double bySpi(int times) {
            long begin = System.nanoTime();
            long sum = 0;
            for (int t = 0; t < times; t++) {
                for (int spi : spis) {
                    sum += b.sad().find(spi).id();
                }
            }
            sink = sum;
            return (System.nanoTime() - begin) / (double) (times * FLOWS);
        }

        /// Out and in again; both times.
        double[] road(PacketBatch[] batches, int times) {
            long out = 0;
            long in = 0;
            PacketBatch source = batches[0];
            PacketBatch sent = batches[1];
            PacketBatch got = batches[2];
            for (int t = 0; t < times; t++) {
                copy(source, sent);
                long begin = System.nanoTime();
                this.out.process(sent, begin);
                long between = System.nanoTime();
                copy(sent, got);
                long again = System.nanoTime();
                this.in.process(got, again);
                in += System.nanoTime() - again;
                out += between - begin;
            }
            for (int i = 0; i < FLOWS; i++) {
                if (got.lane(i) != Lane.TUN) {
                    throw new AssertionError(got.lane(i) + " " + in());
                }
            }
            double packets = times * (double) FLOWS;
            return new double[] {out / packets, in / packets};
        }

        private String in() {
            return in.drops().snapshot() + " " + out.drops().snapshot();
        }

        private static void copy(PacketBatch from, PacketBatch to) {
            to.clear();
            for (int i = 0; i < from.count(); i++) {
                int j = to.add();
                to.place(j, to.start(j), from.length(i));
                MemorySegment.copy(
                        from.memory(), from.start(i), to.memory(), to.start(j), from.length(i));
                to.lane(j, Lane.UDP);
                to.path(j, from.path(i));
            }
        }
    }

    private static final String[] ROWS = {
        "one tunnel, 64 out", "one tunnel, 64 in", "one tunnel, 1400 out", "one tunnel, 1400 in", "classify", "classify, new flows", "by SPI", "road out, 64 octets", "road in, 64 octets",
        "road out, 1400 octets", "road in, 1400 octets", "classify, all over", "install"
    };

    public static void main(String[] words) throws Exception {
        int rounds = 9;
        String json = "";
        for (int i = 0; i + 1 < words.length; i += 2) {
            switch (words[i]) {
                case "--rounds" -> rounds = Integer.parseInt(words[i + 1]);
                case "--json" -> json = words[i + 1];
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        List<CryptoEngine> engines = new ArrayList<>();
        IpsecMbEngine.find().ifPresent(engines::add);
        engines.add(new JceEngine());
        Site[] sites = new Site[SIZES.length];
        double[][][] seen = new double[ROWS.length][SIZES.length][rounds];
        for (int s = 0; s < SIZES.length; s++) {
            sites[s] = new Site(SIZES[s], engines);
        }
        for (int round = -2; round < rounds; round++) {
            for (int k = 0; k < SIZES.length; k++) {
                // Not always the same one after another
                int s = (k + round + 3) % SIZES.length;
                Site site = sites[s];
                double[] row = new double[ROWS.length];
                double[] oneSmall = site.road(site.oneSmall, 3_000);
                double[] oneLarge = site.road(site.oneLarge, 3_000);
                row[0] = oneSmall[0];
                row[1] = oneSmall[1];
                row[2] = oneLarge[0];
                row[3] = oneLarge[1];
                row[4] = site.classify(site.few, 20_000);
                row[5] = site.classifyNew(20_000);
                row[6] = site.bySpi(20_000);
                double[] small = site.road(site.small, 3_000);
                double[] large = site.road(site.large, 3_000);
                row[7] = small[0];
                row[8] = small[1];
                row[9] = large[0];
                row[10] = large[1];
                row[11] = site.classify(site.all, Math.max(1, 200_000 / site.all.length));
                row[12] = site.installNanos;
                for (int r = 0; r < row.length && round >= 0; r++) {
                    seen[r][s][round] = row[r];
                }
            }
        }
        StringBuilder text = new StringBuilder("{\"engine\": \"" + engines.getFirst().name() + "\"");
        System.out.printf("engine %s; ns a packet, median of %d%n", engines.getFirst().name(), rounds);
        System.out.printf("%-24s%12s%12s%12s%14s%n", "policies and SAs", "1", "1,000", "100,000", "100,000 / 1");
        for (int r = 0; r < ROWS.length; r++) {
            double[] median = new double[SIZES.length];
            for (int s = 0; s < SIZES.length; s++) {
                Arrays.sort(seen[r][s]);
                median[s] = seen[r][s][rounds / 2];
            }
            System.out.printf(
                    "%-24s%12.1f%12.1f%12.1f%14.2f%n",
                    ROWS[r], median[0], median[1], median[2], median[2] / median[0]);
            text.append(", \"" + ROWS[r] + "\": " + Arrays.toString(median));
        }
        if (!json.isEmpty()) {
            Files.writeString(java.nio.file.Path.of(json), text + "}\n");
        }
    }
}
