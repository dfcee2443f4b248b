package io.sallyport.drivers.udp;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.Allocation;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Everything here runs on loopback: all of 127.0.0.0/8 is ours.
class UdpPortTest {
    private static final long PATIENCE = 5_000_000_000L;

    private final Arena arena = Arena.ofAuto();

    private PacketBatch batch() {
        return new PacketBatch(arena, 64, 2048, 128);
    }

    private static Path path(String local, int localPort, String remote, int remotePort) {
        return new Path(
                new Endpoint(IpAddress.of(local), localPort),
                new Endpoint(IpAddress.of(remote), remotePort));
    }

    private static void put(PacketBatch batch, Path path, Lane lane, byte... payload) {
        int i = batch.add();
        batch.fill(i, payload, 0, payload.length);
        batch.path(i, path);
        batch.lane(i, lane);
    }

    private static void await(UdpPort port) throws LinuxException {
        try (Poller poller = Poller.open()) {
            poller.add(port.fd(), 0);
            assertEquals(1, poller.await(PATIENCE), "nothing arrived");
        }
    }

    @Test
    void aDatagramCarriesTheAddressItWasSentToAndTheTrafficClass() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            PacketBatch out = batch();
            put(
                    out,
                    path("127.0.0.5", a.port(), "127.0.0.7", b.port()),
                    Lane.UDP,
                    (byte) 1,
                    (byte) 2);
            out.trafficClass(0, 0xba); // EF, ECT(0)
            assertEquals(1, a.write(out));
            await(b);
            PacketBatch in = batch();
            assertEquals(1, b.read(in));
            assertEquals(path("127.0.0.7", b.port(), "127.0.0.5", a.port()), in.path(0));
            assertEquals(0xba, in.trafficClass(0));
            assertEquals(Lane.UDP, in.lane(0));
            assertEquals(in.slotStart(0) + 128, in.start(0));
            assertEquals(Octets.of((byte) 1, (byte) 2), Octets.owned(in.copy(0)));
            // The answer leaves from the address that was asked, not from the one the kernel
            // prefers.
            b.send(requireNonNull(in.path(0)), Octets.ascii("answer"));
            await(a);
            PacketBatch back = batch();
            assertEquals(1, a.read(back));
            assertEquals(path("127.0.0.5", a.port(), "127.0.0.7", b.port()), back.path(0));
            assertEquals("answer", Octets.owned(back.copy(0)).text());
        }
    }

    @Test
    void theSameByIpv6() throws LinuxException {
        try (UdpPort a = UdpPort.open(true, 0, 0);
                UdpPort b = UdpPort.open(true, 0, 0)) {
            PacketBatch out = batch();
            put(out, path("::1", a.port(), "::1", b.port()), Lane.UDP, (byte) 9);
            out.trafficClass(0, 0x2e << 2);
            assertEquals(1, a.write(out));
            await(b);
            PacketBatch in = batch();
            assertEquals(1, b.read(in));
            assertEquals(path("::1", b.port(), "::1", a.port()), in.path(0));
            assertEquals(0x2e << 2, in.trafficClass(0));
            assertEquals(Octets.of((byte) 9), Octets.owned(in.copy(0)));
        }
    }

    @Test
    void onlyPacketsOfItsOwnLaneFamilyAndPortLeave() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            PacketBatch out = batch();
            put(out, path("127.0.0.1", a.port(), "127.0.0.1", b.port()), Lane.RAW, (byte) 1);
            put(out, path("127.0.0.1", a.port() ^ 1, "127.0.0.1", b.port()), Lane.UDP, (byte) 2);
            put(out, path("::1", a.port(), "::1", b.port()), Lane.UDP, (byte) 3);
            put(out, path("127.0.0.1", a.port(), "127.0.0.1", b.port()), Lane.UDP, (byte) 4);
            assertEquals(1, a.write(out));
            await(b);
            PacketBatch in = batch();
            assertEquals(1, b.read(in));
            assertEquals(4, in.copy(0)[0]);
            assertEquals("", a.lastError());
        }
    }

    @Test
    void aRefusedDatagramIsCountedAndTheBurstGoesOn() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            PacketBatch out = batch();
            Path good = path("127.0.0.1", a.port(), "127.0.0.1", b.port());
            put(out, good, Lane.UDP, (byte) 1);
            // 203.0.113.9 is not ours to send from.
            put(out, path("203.0.113.9", a.port(), "127.0.0.1", b.port()), Lane.UDP, (byte) 2);
            put(out, good, Lane.UDP, (byte) 3);
            assertEquals(2, a.write(out));
            assertEquals(1, a.writeDrops().get(Drop.UNREACHABLE));
            assertNotEquals("", a.lastError());
            await(b);
            PacketBatch in = batch();
            assertEquals(2, b.read(in));
            assertEquals(3, in.copy(1)[0]);
        }
    }

    @Test
    void whatNobodyListensForComesBackAsNothing() throws LinuxException {
        int dead;
        try (UdpPort gone = UdpPort.open(false, 0, 0)) {
            dead = gone.port();
        }
        try (UdpPort a = UdpPort.open(false, 0, 0)) {
            for (int i = 0; i < 3; i++) {
                // The kernel answers on loopback with "port unreachable" before this returns.
                a.send(path("127.0.0.1", a.port(), "127.0.0.1", dead), Octets.ascii("anybody?"));
                assertEquals(0, a.read(batch()));
            }
            assertEquals(0, a.sendDrops().snapshot().size());
        }
    }

    @Test
    void aDatagramLargerThanTheSlotIsDroppedAndItsNeighboursStay() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            Path there = path("127.0.0.1", a.port(), "127.0.0.1", b.port());
            a.send(there, Octets.ascii("first"));
            a.send(there, Octets.owned(new byte[3000]));
            a.send(there, Octets.ascii("third"));
            a.send(there, Octets.owned(new byte[2000]));
            a.send(there, Octets.ascii("fifth"));
            await(b);
            PacketBatch in = batch();
            assertEquals(3, b.read(in));
            assertEquals("first", Octets.owned(in.copy(0)).text());
            assertEquals("third", Octets.owned(in.copy(1)).text());
            assertEquals("fifth", Octets.owned(in.copy(2)).text());
            assertEquals(in.slotStart(2) + in.headroom(), in.start(2));
            assertEquals(2, b.readDrops().get(Drop.TOO_BIG));
        }
    }

    @Test
    void aPartlyFilledBatchIsFilledUpOnly() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            Path there = path("127.0.0.1", a.port(), "127.0.0.1", b.port());
            for (int i = 0; i < 5; i++) {
                a.send(there, Octets.of((byte) i));
            }
            await(b);
            PacketBatch in = new PacketBatch(arena, 4, 256, 64);
            in.add();
            assertEquals(3, b.read(in));
            assertTrue(in.isFull());
            assertEquals(0, b.read(in));
            in.clear();
            assertEquals(2, b.read(in));
            assertEquals(4, in.copy(1)[0]);
        }
    }

    @Test
    void pathsOfKnownPeersAreTheSameObject() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            Set<Path> seen = new HashSet<>();
            Path first = null;
            for (int round = 0; round < 2; round++) {
                for (int i = 1; i < 60; i++) {
                    a.send(
                            path("127.0.0." + i, a.port(), "127.0.0.1", b.port()),
                            Octets.ascii("x"));
                }
                await(b);
                PacketBatch in = batch();
                assertEquals(59, b.read(in));
                for (int i = 0; i < in.count(); i++) {
                    Path path = in.path(i);
                    assertTrue(path != null);
                    seen.add(path);
                }
                if (first == null) {
                    first = in.path(10);
                } else {
                    assertSame(first, in.path(10));
                }
            }
            assertEquals(59, seen.size());
        }
    }

    @Test
    void aPortInUseIsNamedAndSaysWhoToAsk() throws LinuxException {
        try (UdpPort taken = UdpPort.open(false, 0, 0)) {
            LinuxException e =
                    assertThrows(
                            LinuxException.class,
                            () -> UdpPort.open(false, taken.port(), 0).close());
            assertTrue(e.is(Errno.EADDRINUSE));
            assertEquals(
                    "bind UDP port "
                            + taken.port()
                            + " (IPv4): EADDRINUSE (Address already in use). Another program holds"
                            + " it; `ss -ulpn 'sport = :"
                            + taken.port()
                            + "'` shows which one",
                    e.getMessage());
            // The other family has the port to itself.
            UdpPort.open(true, taken.port(), 0).close();
        }
    }

    /// House rule 2.7: 0 octets allocated per burst.
    @Test
    void theRoadAllocatesNothing() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            PacketBatch out = batch();
            PacketBatch in = batch();
            for (int i = 0; i < 16; i++) {
                put(
                        out,
                        path("127.0.0." + (i + 1), a.port(), "127.0.0.99", b.port()),
                        Lane.UDP,
                        new byte[200]);
            }
            Runnable burst =
                    () -> {
                        in.clear();
                        assertEquals(16, a.write(out));
                        try {
                            assertEquals(16, b.read(in));
                        } catch (LinuxException e) {
                            throw new AssertionError(e);
                        }
                    };
            assertEquals(0, Allocation.octetsWhenWarm(burst));
            assertFalse(in.path(0) == null);
        }
    }
}
