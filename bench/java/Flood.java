import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Sends as many hostile packets as it can, with the product's own ports (UDP_SEGMENT, sendmmsg).
/// Waits for a line on its input, floods, and prints what it sent as one line of JSON.
///
/// ```text
///  Flood KIND FROM TO CARRIAGE OCTETS SECONDS [FILE]        CARRIAGE: udp (port 4500), ike (port 500), native (protocol 50)
///
///  garbage    random octets behind a random SPI
///  forged     a captured packet, its number far ahead of all, its ICV wrong
///  replay     captured packets as they were
///  isakmp     random octets where IKE is expected
///  init       whole IKE headers with random SPIs, as of first messages and of messages for SAs that there are not
///  fragments  first fragments of UDP datagrams, whose rest never comes
/// ```
///
/// OCTETS are those of the UDP payload, or of ESP without IP header. FILE: captured packets, a line
/// of hexadecimal digits each.
final class Flood {
    private static final PacketBatch BATCH = new PacketBatch(Arena.ofAuto(), 64, 2048, 64);
    private static final Random RANDOM = new Random(4303);
    private static final HexFormat HEX = HexFormat.of();

    private interface Change {
        void to(int i);
    }

    private interface Writer {
        int write(PacketBatch batch);
    }

    private static int number = 0x40000000;

    public static void main(String[] arguments) throws IOException, LinuxException {
        String kind = arguments[0];
        IpAddress from = IpAddress.of(arguments[1]);
        IpAddress to = IpAddress.of(arguments[2]);
        String carriage = arguments[3];
        int octets = Integer.parseInt(arguments[4]);
        double seconds = Double.parseDouble(arguments[5]);
        List<byte[]> captured =
                arguments.length > 6
                        ? Files.readAllLines(java.nio.file.Path.of(arguments[6])).stream()
                                .map(HEX::parseHex)
                                .filter(p -> p.length == octets)
                                .toList()
                        : List.of();
        int port = carriage.equals("ike") ? 500 : carriage.equals("udp") ? 4500 : 0;
        Path path = new Path(new Endpoint(from, port), new Endpoint(to, port));
        Change change = fill(kind, path, octets, captured, port == 4500);
        boolean whole = kind.equals("fragments");
        Lane lane = whole ? Lane.CLEAR : port == 0 ? Lane.RAW : Lane.UDP;
        for (int i = 0; i < BATCH.count(); i++) {
            BATCH.lane(i, lane);
            BATCH.path(i, path);
        }
        try (UdpPort udp = UdpPort.openForTrains(false, whole ? 0 : port, 0);
                RawPort raw = RawPort.open(false, whole ? RawPort.WHOLE : 50, 0)) {
            Writer writer = lane == Lane.UDP ? udp::write : raw::write;
            System.out.println("ready");
            while (System.in.read() != '\n') {}
            long begin = System.nanoTime();
            long end = begin + (long) (seconds * 1e9);
            long sent = 0;
            long bursts = 0;
            while (System.nanoTime() < end) {
                for (int i = 0; i < BATCH.count(); i++) {
                    change.to(i);
                }
                sent += writer.write(BATCH);
                bursts++;
            }
            double took = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "{\"sent\": %d, \"seconds\": %.3f, \"pps\": %.0f, \"refused\": %d, \"why\": \"%s\"}%n",
                    sent,
                    took,
                    sent / took,
                    bursts * BATCH.count() - sent,
                    lane == Lane.UDP ? udp.lastError() : raw.lastError());
        }
    }

    /// Fills the batch, and tells what changes before each burst.
    private static Change fill(
            String kind, Path path, int octets, List<byte[]> captured, boolean marked) {
        int mark = marked ? 4 : 0;
        for (int k = 0; k < 64; k++) {
            byte[] packet = new byte[octets];
            switch (kind) {
                case "forged", "replay" -> packet = captured.get(k % captured.size()).clone();
                case "fragments" -> packet = fragment(path, octets);
                default -> RANDOM.nextBytes(packet);
            }
            int i = BATCH.add();
            BATCH.fill(i, packet, 0, packet.length);
        }
        return switch (kind) {
            case "garbage" -> i -> put(i, 0, RANDOM.nextInt() | 0x01000000);
            case "forged" ->
                    i -> {
                        put(i, 4, number++);
                        put(i, octets - 4, number);
                    };
            case "replay" -> _ -> {};
            case "isakmp" ->
                    i -> {
                        put(i, 0, marked ? 0 : RANDOM.nextInt());
                        put(i, mark + 24, RANDOM.nextInt());
                    };
            case "init" ->
                    i -> {
                        put(i, 0, 0); // the marker, if there is one
                        put(i, mark, RANDOM.nextInt());
                        put(i, mark + 4, RANDOM.nextInt());
                        put(i, mark + 8, i % 2 == 0 ? 0 : RANDOM.nextInt());
                        put(i, mark + 12, i % 2 == 0 ? 0 : RANDOM.nextInt());
                        put(i, mark + 16, 0x21202208); // SA, version 2.0, IKE_SA_INIT, initiator
                        put(i, mark + 20, 0);
                        put(i, mark + 24, octets - mark);
                    };
            case "fragments" -> i -> put(i, 4, number++ << 16 | 0x2000);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static void put(int i, int at, int word) {
        BATCH.memory().set(PacketBatch.BE32, BATCH.start(i) + at, word);
    }

    /// IPv4 and UDP headers in front of the first `octets` octets of a larger datagram.
    private static byte[] fragment(Path path, int octets) {
        int payload = octets / 8 * 8;
        java.nio.ByteBuffer packet = java.nio.ByteBuffer.allocate(20 + payload);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0x2000);
        packet.putShort((short) (64 << 8 | 17)).putShort((short) 0); // the kernel's checksum
        packet.putInt((int) path.local().address().low());
        packet.putInt((int) path.remote().address().low());
        packet.putShort((short) 4500).putShort((short) 4500).putShort((short) 3000).putShort((short) 0);
        return packet.array();
    }

    private Flood() {}
}
