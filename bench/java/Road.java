import com.sun.management.ThreadMXBean;
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
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.drivers.tun.TunDevice;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import io.sallyport.ipsec.pipeline.OutboundPipeline;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What each stage of the packet road costs: processor time and octets allocated.
///
/// Two gateways in two namespaces of this process, joined by a veth, and a TCP connection through
/// them; all of it driven by one thread in lock step, so that nobody waits for anybody and the time
/// of the thread is the cost, however busy the machine is. The kernel's work is done, and counted,
/// where it is asked for: sending includes the veth and the queue of the receiving socket, writing
/// to the TUN includes the far end's TCP.
///
/// ```text
///  TUN read    super-packets out of the TUN, cut, checksums           drivers.tun
///  out         SPD, ESP, seal                                         ipsec.pipeline
///  send        to the wire                                            drivers.udp, drivers.raw
///  receive     from the wire                                          drivers.udp, drivers.raw
///  in          SAD, replay window, open, SPD                          ipsec.pipeline
///  TUN write   joined into super-packets                              drivers.tun
/// ```
final class Road {
    private static final String[] STAGES = {"TUN read", "out", "send", "receive", "in", "TUN write"};
    /// So that no suite here makes more than 1500 octets of it: else trains are refused, and what
    /// is measured is the kernel's fragmenting.
    private static final int MTU = 1422;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] nanos = new long[STAGES.length];
    private final long[] allocated = new long[STAGES.length];
    private final ByteBuffer source = ByteBuffer.allocateDirect(1 << 19);
    private final ByteBuffer sink = ByteBuffer.allocateDirect(1 << 20);
    private long packets;
    private long octets;
    private int stage = -1;
    private long since;
    private long sinceAllocated;

    private void enter(int next) {
        long now = THREADS.getCurrentThreadCpuTime();
        long octetsNow = THREADS.getCurrentThreadAllocatedBytes();
        if (stage >= 0) {
            nanos[stage] += now - since;
            allocated[stage] += octetsNow - sinceAllocated;
        }
        stage = next;
        since = now;
        sinceAllocated = octetsNow;
    }

    /// One side.
    private final class Gateway implements AutoCloseable {
        final NetworkNamespace namespace;
        final UserspaceBackend backend;
        final TunDevice tun;
        final UdpPort udp;
        final RawPort raw;
        final OutboundPipeline out;
        final InboundPipeline in;
        final Arena arena = Arena.ofShared();
        final PacketBatch batch = batch();
        final PacketBatch received = batch();

        Gateway(String name, List<CryptoEngine> engines) throws IOException {
            namespace = NetworkNamespace.create(name);
            backend = new UserspaceBackend(engines);
            backend.link("", 0, MTU);
            tun = namespace.call(() -> TunDevice.open("tun", 0));
            udp = namespace.call(() -> UdpPort.openForTrains(false, 4500, 0));
            raw = namespace.call(() -> RawPort.open(false, 50, 0));
            out = new OutboundPipeline(backend, _ -> {}, batch());
            in = new InboundPipeline(backend, (_, _) -> {});
        }

        PacketBatch batch() {
            return new PacketBatch(arena, PacketBatch.MOST, 9472, 128);
        }

        void ip(String words) throws IOException {
            List<String> command = new ArrayList<>(List.of("ip"));
            command.addAll(Arrays.asList(words.split(" ")));
            Process process = namespace.start(new ProcessBuilder(command).inheritIO());
            try {
                if (process.waitFor() != 0) {
                    throw new IOException("ip " + words);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        void sendAll() throws IOException {
            while (true) {
                enter(0);
                batch.clear();
                int count = tun.read(batch);
                enter(1);
                if (count == 0) {
                    return;
                }
                out.process(batch, System.nanoTime());
                enter(2);
                udp.write(batch);
                raw.write(batch);
            }
        }

        void receiveAll() throws IOException {
            do {
                enter(3);
                int count = udp.readTrains();
                if (count == 0) {
                    break;
                }
                pass(udp.batch());
            } while (true);
            while (true) {
                enter(3);
                received.clear();
                if (raw.read(received) == 0) {
                    break;
                }
                pass(received);
            }
        }

        private void pass(PacketBatch got) {
            enter(4);
            in.process(got, System.nanoTime());
            enter(5);
            for (int i = 0; i < got.count(); i++) {
                if (got.lane(i) == Lane.TUN && got.length(i) > 200) {
                    packets++;
                    octets += got.length(i);
                }
            }
            tun.write(got);
        }

        void wire(String link, int number) throws IOException {
            ip("link set lo up");
            ip("addr add 192.0.2." + number + "/24 dev " + link);
            ip("link set " + link + " up");
            ip("link set tun mtu " + MTU + " up");
            ip("addr add 10." + number + ".0.1/16 dev tun");
            ip("route add 10." + (3 - number) + ".0.0/16 dev tun");
        }

        @Override
        public void close() {
            namespace.close();
            tun.close();
            udp.close();
            raw.close();
        }
    }

    private static EspSuite suite(String cipher) {
        return switch (cipher) {
            case "aes128gcm16" ->
                    new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false);
            case "aes128-sha1" ->
                    new EspSuite(Cipher.of(Encryption.AES_CBC, 128), Integrity.HMAC_SHA1_96, Group.NONE, false);
            default -> throw new IllegalArgumentException(cipher);
        };
    }

    private static SaHalf half(int spi, EspSuite suite) {
        byte[] key = new byte[suite.cipher().keyingOctets()];
        byte[] integrity = new byte[suite.integrity().keyOctets()];
        new Random(spi).nextBytes(key);
        new Random(spi + 1).nextBytes(integrity);
        return new SaHalf(spi, Secret.of(key), Secret.of(integrity));
    }

    private static void install(UserspaceBackend backend, boolean left, boolean inUdp, EspSuite suite) {
        Owner owner = new Owner("c", "c", "");
        TrafficSelector ours = TrafficSelector.of(IpPrefix.of(left ? "10.1.0.0/16" : "10.2.0.0/16"));
        TrafficSelector theirs = TrafficSelector.of(IpPrefix.of(left ? "10.2.0.0/16" : "10.1.0.0/16"));
        SelectorPair pair = new SelectorPair(List.of(ours), List.of(theirs));
        backend.protect(new PolicyEntry(owner, pair, true));
        int port = inUdp ? 4500 : 0;
        Endpoint me = new Endpoint(IpAddress.of(left ? "192.0.2.1" : "192.0.2.2"), port);
        Endpoint peer = new Endpoint(IpAddress.of(left ? "192.0.2.2" : "192.0.2.1"), port);
        SaHalf there = half(1_000_000, suite);
        SaHalf back = half(3_000_000, suite);
        backend.install(
                new ChildSa(
                        1,
                        owner,
                        suite,
                        left ? back : there,
                        left ? there : back,
                        pair,
                        new Carriage(new Path(me, peer), inUdp),
                        new ChildSa.Handling(Mode.TUNNEL, 1024)));
        backend.activate(1);
    }

    /// Moves `megabytes` through, and forgets what was measured before.
    private void move(Gateway a, Gateway b, SocketChannel from, SocketChannel to, long megabytes)
            throws IOException {
        Arrays.fill(nanos, 0);
        Arrays.fill(allocated, 0);
        packets = 0;
        octets = 0;
        source.clear();
        long left = megabytes << 20;
        while (left > 0) {
            if (!source.hasRemaining()) {
                source.clear();
            }
            from.write(source);
            a.sendAll();
            b.receiveAll();
            stop();
            for (int got = to.read(sink.clear()); got > 0; got = to.read(sink.clear())) {
                left -= got;
            }
            b.sendAll();
            a.receiveAll();
            stop();
        }
    }

    private void stop() {
        enter(-1);
    }

    private double[][] run(CryptoEngine engine, String cipher, boolean inUdp, int megabytes, int rounds)
            throws IOException {
        try (Gateway a = new Gateway("road-a-" + ProcessHandle.current().pid(), List.of(engine, new JceEngine()));
                Gateway b = new Gateway("road-b-" + ProcessHandle.current().pid(), List.of(engine, new JceEngine()))) {
            a.namespace.call(() -> {
                try (LinuxNetwork network = LinuxNetwork.open()) {
                    network.links().addVeth("va", "vb", b.namespace.fd());
                }
                return null;
            });
            a.wire("va", 1);
            b.wire("vb", 2);
            EspSuite suite = suite(cipher);
            install(a.backend, true, inUdp, suite);
            install(b.backend, false, inUdp, suite);
            InetSocketAddress address = new InetSocketAddress("10.2.0.1", 7777);
            ServerSocketChannel server =
                    b.namespace.call(() -> ServerSocketChannel.open().bind(address));
            server.configureBlocking(false);
            SocketChannel from = a.namespace.call(SocketChannel::open);
            from.configureBlocking(false);
            from.connect(address);
            SocketChannel to = null;
            while (to == null || !from.finishConnect()) {
                a.sendAll();
                b.receiveAll();
                b.sendAll();
                a.receiveAll();
                to = to == null ? server.accept() : to;
            }
            stop();
            to.configureBlocking(false);
            double[][] seen = new double[rounds][];
            for (int round = -1; round < rounds; round++) {
                move(a, b, from, to, round < 0 ? megabytes * 10L : megabytes);
                double unit = octets / 1400.0;
                double[] row = new double[2 * STAGES.length + 2];
                for (int s = 0; s < STAGES.length; s++) {
                    row[s] = nanos[s] / unit;
                    row[STAGES.length] += row[s];
                    row[STAGES.length + 1 + s] = (double) allocated[s] / packets;
                }
                if (round >= 0) {
                    seen[round] = row;
                }
            }
            from.close();
            to.close();
            server.close();
            return seen;
        }
    }

    public static void main(String[] words) throws Exception {
        int megabytes = 300;
        int rounds = 9;
        String json = "";
        List<String> carriages = List.of("udp", "native");
        List<String> ciphers = List.of("aes128gcm16", "aes128-sha1");
        List<String> engines = List.of("ipsec-mb", "jce");
        for (int i = 0; i + 1 < words.length; i += 2) {
            List<String> list = List.of(words[i + 1].split(","));
            switch (words[i]) {
                case "--rounds" -> rounds = Integer.parseInt(words[i + 1]);
                case "--megabytes" -> megabytes = Integer.parseInt(words[i + 1]);
                case "--carriage" -> carriages = list;
                case "--cipher" -> ciphers = list;
                case "--engine" -> engines = list;
                case "--json" -> json = words[i + 1];
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        System.out.printf("%-32s", "ns for 1400 inner octets");
        for (String name : STAGES) {
            System.out.printf("%10s", name);
        }
        System.out.printf("%10s%14s%n", "sum", "octets/packet");
        StringBuilder text = new StringBuilder("{");
        for (String engine : engines) {
            CryptoEngine found =
                    engine.equals("jce") ? new JceEngine() : IpsecMbEngine.find().orElse(null);
            for (String cipher : ciphers) {
                for (String carriage : carriages) {
                    if (found == null) {
                        continue;
                    }
                    double[][] seen =
                            new Road().run(found, cipher, carriage.equals("udp"), megabytes, rounds);
                    String name = engine + " " + carriage + " " + cipher;
                    double[] median = new double[seen[0].length];
                    for (int c = 0; c < median.length; c++) {
                        double[] column = new double[rounds];
                        for (int r = 0; r < rounds; r++) {
                            column[r] = seen[r][c];
                        }
                        Arrays.sort(column);
                        median[c] = column[rounds / 2];
                    }
                    System.out.printf("%-32s", name);
                    for (int c = 0; c <= STAGES.length; c++) {
                        System.out.printf("%10.0f", median[c]);
                    }
                    double octets = 0;
                    for (int c = STAGES.length + 1; c < median.length; c++) {
                        octets += median[c];
                    }
                    System.out.printf("%14.1f%n", octets);
                    text.append(text.length() > 1 ? ", " : "")
                            .append('"').append(name).append("\": ")
                            .append(Arrays.toString(median));
                }
            }
        }
        if (!json.isEmpty()) {
            Files.writeString(java.nio.file.Path.of(json), text + "}\n");
        }
        System.exit(0);
    }
}
