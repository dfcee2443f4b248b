package io.sallyport.drivers.tun;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.Allocation;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("lab")
class TunDeviceLabTest {
    private static final int LINK = 3;
    private static final long PATIENCE = 5_000_000_000L;

    private NetworkNamespace host;

    @BeforeEach
    void makeHost() throws IOException {
        host = TwoHosts.loneHost("drivers-tun");
    }

    @AfterEach
    void removeHost() {
        if (host != null) {
            host.close();
        }
    }

    private TunDevice readyTun() throws IOException {
        return readyTun(Offload.TCP_AND_UDP);
    }

    private TunDevice readyTun(Offload most) throws IOException {
        return host.call(() -> {
            TunDevice tun = TunDevice.open("sally%d", LINK, most);
            try (LinuxNetwork network = LinuxNetwork.open()) {
                network.addresses()
                        .add(tun.name(), InsideAddress.parse("10.9.0.1/24").orElseThrow());
                network.links().mtu(tun.name(), 1400);
                network.links().up(tun.name());
            }
            return tun;
        });
    }

    private DatagramSocket socket() throws IOException {
        return host.call(() -> {
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress("10.9.0.1", 0));
            socket.setSoTimeout(5000);
            return socket;
        });
    }

    /// Reads until a packet is UDP over IPv4: the kernel also sends IPv6 router solicitations.
    /// Others are put into lane DROPPED.
    private static int readUdp(TunDevice tun, PacketBatch batch, Poller poller)
            throws LinuxException {
        while (true) {
            batch.clear();
            if (tun.read(batch) == 0) {
                assertEquals(1, poller.await(PATIENCE), "nothing came out of the TUN");
            }
            int found = 0;
            for (int i = 0; i < batch.count(); i++) {
                MemorySegment m = batch.memory();
                boolean udp =
                        m.get(PacketBatch.U8, batch.start(i)) == 0x45
                                && m.get(PacketBatch.U8, batch.start(i) + 9) == 17;
                batch.lane(i, udp ? batch.lane(i) : Lane.DROPPED);
                found += udp ? 1 : 0;
            }
            if (found > 0) {
                return found;
            }
        }
    }

    private static void swap(MemorySegment m, int at, int other, int octets) {
        for (int i = 0; i < octets; i++) {
            byte was = m.get(PacketBatch.U8, at + i);
            m.set(PacketBatch.U8, at + i, m.get(PacketBatch.U8, other + i));
            m.set(PacketBatch.U8, other + i, was);
        }
    }

    /// Also as on a kernel that lacks an offload; what is in use is what was asked for, no more.
    @ParameterizedTest
    @EnumSource(Offload.class)
    void whatIsSentIntoTheTunIsReadAndWhatIsWrittenArrives(Offload most) throws IOException {
        try (TunDevice tun = readyTun(most);
                Poller poller = Poller.open();
                DatagramSocket socket = socket()) {
            assertTrue(tun.name().startsWith("sally"));
            assertTrue(tun.offload().compareTo(most) <= 0, tun.offload().text());
            poller.add(tun.fd(), 0);
            byte[] question = "hello tunnel".getBytes(UTF_8);
            socket.send(
                    new DatagramPacket(
                            question, question.length, InetAddress.getByName("10.9.0.2"), 4242));
            PacketBatch batch = new PacketBatch(Arena.ofAuto(), 16, 2048, 128);
            readUdp(tun, batch, poller);
            for (int i = 0; i < batch.count(); i++) {
                assertEquals(LINK, batch.link(i));
                int at = batch.start(i);
                if (batch.lane(i) == Lane.TUN) {
                    assertEquals(20 + 8 + question.length, batch.length(i));
                    assertEquals(batch.slotStart(i) + 128, at);
                    // Back to the sender: neither checksum changes when both ends change places.
                    swap(batch.memory(), at + 12, at + 16, 4);
                    swap(batch.memory(), at + 20, at + 22, 2);
                }
            }
            assertEquals(1, tun.write(batch));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            assertEquals(4242, answer.getPort());
            assertArrayEquals(question, Arrays.copyOf(answer.getData(), answer.getLength()));
        }
    }

    @Test
    void packetsOfOtherLinksAndLanesAreNotWrittenAndNonsenseIsCounted() throws IOException {
        try (TunDevice tun = readyTun()) {
            PacketBatch batch = new PacketBatch(Arena.ofAuto(), 16, 2048, 128);
            for (int k = 0; k < 3; k++) {
                int i = batch.add();
                batch.fill(
                        i,
                        new byte[] {0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                        0,
                        20);
                batch.link(i, k == 0 ? LINK + 1 : LINK);
                batch.lane(i, k == 1 ? Lane.UDP : Lane.TUN);
            }
            assertEquals(0, tun.write(batch));
            assertEquals(1, tun.drops().get(Drop.BAD_INNER)); // version 7
            assertEquals("EINVAL (Invalid argument)", tun.lastError());
        }
    }

    /// Every flow comes out of one queue, and, once packets of its other direction were written by
    /// any queue, out of that which its hash chose.
    @Test
    void flowsAreSharedOutOverTheQueues() throws IOException {
        List<TunDevice> queues = host.call(() -> readyQueues(2));
        try (DatagramSocket socket = socket()) {
            for (int round = 0; round < 3; round++) {
                for (int flow = 0; flow < 32; flow++) {
                    socket.send(
                            new DatagramPacket(
                                    new byte[8],
                                    8,
                                    InetAddress.getByName("10.9.0.2"),
                                    5000 + flow));
                }
            }
            int[] count = new int[2];
            Set<Integer> before = new HashSet<>();
            for (int q = 0; q < 2; q++) {
                PacketBatch batch = new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, 2048, 128);
                while (queues.get(q).read(batch) > 0) {
                    Set<Integer> here = new HashSet<>();
                    for (int i = 0; i < batch.count(); i++) {
                        MemorySegment m = batch.memory();
                        int at = batch.start(i);
                        if (m.get(PacketBatch.U8, at) != 0x45) {
                            batch.lane(i, Lane.DROPPED);
                            continue;
                        }
                        count[q]++;
                        here.add(m.get(PacketBatch.BE16, at + 22) & 0xffff);
                        swap(m, at + 12, at + 16, 4);
                        swap(m, at + 20, at + 22, 2);
                    }
                    for (int port : here) {
                        assertTrue(q == 0 || !before.contains(port), "flow to port " + port);
                    }
                    before.addAll(here);
                    queues.get(1 - q).write(batch);
                    batch.clear();
                }
            }
            assertEquals(96, count[0] + count[1]);
            assertTrue(count[0] > 0 && count[1] > 0, count[0] + " and " + count[1]);
            for (int k = 0; k < 96; k++) {
                socket.receive(new DatagramPacket(new byte[100], 100)); // or it times out
            }
        } finally {
            queues.forEach(TunDevice::close);
        }
    }

    private List<TunDevice> readyQueues(int count) throws IOException {
        List<TunDevice> queues = TunDevice.openQueues("sally%d", LINK, count);
        try (LinuxNetwork network = LinuxNetwork.open()) {
            String name = queues.getFirst().name();
            network.addresses().add(name, InsideAddress.parse("10.9.0.1/24").orElseThrow());
            network.links().mtu(name, 1400);
            network.links().up(name);
        }
        return queues;
    }

    @Test
    void aNameInUseIsToldWithWhatToDo() throws IOException {
        try (TunDevice tun = readyTun()) {
            LinuxException e =
                    assertThrows(
                            LinuxException.class,
                            () -> host.call(() -> TunDevice.open(tun.name(), 1)));
            assertTrue(e.is(Errno.EBUSY), e.getMessage());
            assertTrue(
                    String.valueOf(e.getMessage()).contains("ip link delete " + tun.name()),
                    e.getMessage());
        }
    }

    @Test
    void theInterfaceGoesWithTheObject() throws IOException {
        TunDevice tun = readyTun();
        tun.close();
        host.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open()) {
                assertTrue(network.links().find(tun.name()).isEmpty());
            }
            return null;
        });
    }

    @Test
    void anInterfaceDeletedUnderUsIsAnError() throws IOException {
        try (TunDevice tun = readyTun()) {
            host.call(() -> {
                try (LinuxNetwork network = LinuxNetwork.open()) {
                    network.links().delete(tun.name());
                }
                return null;
            });
            PacketBatch batch = new PacketBatch(Arena.ofAuto(), 16, 2048, 128);
            LinuxException e = assertThrows(LinuxException.class, () -> tun.read(batch));
            assertEquals(
                    "read " + tun.name() + ": EBADFD (File descriptor in bad state)",
                    e.getMessage());
            assertEquals(0, batch.count());
        }
    }

    /// An echo request of 10.9.0.2 to the host itself: the answer comes out of the TUN at once.
    private static void addPing(PacketBatch batch) {
        int i = batch.add();
        byte[] ping =
                HexFormat.of().parseHex("4500002400004000400100000a0900020a0900010800000000010001");
        batch.fill(i, Arrays.copyOf(ping, 36), 0, 36);
        MemorySegment m = batch.memory();
        int at = batch.start(i);
        m.set(PacketBatch.BE16, at + 10, (short) Checksum.of(m, at, 20));
        m.set(PacketBatch.BE16, at + 22, (short) Checksum.of(m, at + 20, 16));
        batch.link(i, LINK);
        batch.lane(i, Lane.TUN);
    }

    @Test
    void readingAndWritingAllocateNothing() throws IOException {
        try (TunDevice tun = readyTun()) {
            PacketBatch questions = new PacketBatch(Arena.ofAuto(), 16, 2048, 128);
            PacketBatch answers = new PacketBatch(Arena.ofAuto(), 64, 2048, 128);
            while (!questions.isFull()) {
                addPing(questions);
            }
            long[] answered = {0};
            Runnable burst =
                    () -> {
                        answers.clear();
                        assertEquals(16, tun.write(questions));
                        try {
                            answered[0] += tun.read(answers);
                        } catch (LinuxException e) {
                            throw new AssertionError(e);
                        }
                    };
            assertEquals(0, Allocation.octetsWhenWarm(burst));
            assertTrue(answered[0] > 0, "only " + answered[0] + " were answered");
        }
    }
}
