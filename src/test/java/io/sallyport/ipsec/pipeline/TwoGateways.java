package io.sallyport.ipsec.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Two whole packet roads, A and B, joined by copying octets: what A's outbound pipeline sends, B's
/// inbound pipeline gets with the path turned round.
///
/// ```text
///  10.1.0.0/16 -- A 192.0.2.1 ======== 192.0.2.2 B -- 10.2.0.0/16
///  fd01::/16      2001:db8::1          2001:db8::2    fd02::/16
/// ```
final class TwoGateways implements AutoCloseable {
    static final EspSuite CBC_SHA1 =
            new EspSuite(
                    Cipher.of(Encryption.AES_CBC, 128), Integrity.HMAC_SHA1_96, Group.NONE, false);
    static final EspSuite GCM =
            new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false);
    static final EspSuite GCM_ESN =
            new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, true);

    static final Owner OWNER = new Owner("site", "net", "tun1");
    static final int LINK = 1;

    final Arena arena = Arena.ofShared();
    final UserspaceBackend a;
    final UserspaceBackend b;
    final List<Owner> acquired = new ArrayList<>();
    final List<Path> moves = new ArrayList<>();
    final OutboundPipeline aOut;
    final OutboundPipeline bOut;
    final InboundPipeline aIn;
    final InboundPipeline bIn;
    long now = 1_000;

    TwoGateways(CryptoEngine engine) {
        this(engine, 1);
    }

    /// @param workers of both; the pipelines here are those of the first
    TwoGateways(CryptoEngine engine, int workers) {
        a = new UserspaceBackend(List.of(engine), workers);
        b = new UserspaceBackend(List.of(engine), workers);
        aOut = new OutboundPipeline(a, acquired::add, batch());
        bOut = new OutboundPipeline(b, acquired::add, batch());
        aIn = new InboundPipeline(a, (id, path) -> moves.add(path));
        bIn = new InboundPipeline(b, (id, path) -> moves.add(path));
    }

    /// Both ends with policy and SA on link "tun1", any to any within the two sites.
    static TwoGateways up(CryptoEngine engine, EspSuite suite, Carriage fromA, int window) {
        return up(new TwoGateways(engine), suite, fromA, window);
    }

    static TwoGateways up(TwoGateways two, EspSuite suite, Carriage fromA, int window) {
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, sites(), true));
        two.b.protect(new PolicyEntry(OWNER, mirror(sites()), true));
        two.installBoth(1, suite, fromA, window);
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    /// Installs child SA `id` at both ends, with SPIs and keys made of it.
    void installBoth(long id, EspSuite suite, Carriage fromA, int window) {
        a.install(childSa(id, OWNER, suite, sites(), fromA, window, true));
        b.install(childSa(id, OWNER, suite, mirror(sites()), turn(fromA), window, false));
    }

    static ChildSa childSa(
            long id,
            Owner owner,
            EspSuite suite,
            SelectorPair selectors,
            Carriage carriage,
            int window,
            boolean endA) {
        SaHalf toB = half((int) id * 2 + 1000, suite);
        SaHalf toA = half((int) id * 2 + 1001, suite);
        return new ChildSa(
                id,
                owner,
                suite,
                endA ? toA : toB,
                endA ? toB : toA,
                selectors,
                carriage,
                new ChildSa.Handling(Mode.TUNNEL, window));
    }

    /// The same SA of tunnel mode with this outer header.
    static ChildSa outer(ChildSa sa, OuterHeader header) {
        return sa.with(
                new ChildSa.Handling(
                        Mode.TUNNEL,
                        sa.handling().replayWindow(),
                        sa.handling().natOriginal(),
                        sa.handling().volume(),
                        sa.handling().ah(),
                        header));
    }

    private static SaHalf half(int spi, EspSuite suite) {
        byte[] key = new byte[suite.cipher().keyingOctets()];
        byte[] integrity = new byte[suite.integrity().keyOctets()];
        new Random(spi).nextBytes(key);
        new Random(~spi).nextBytes(integrity);
        return new SaHalf(spi, Secret.of(key), Secret.of(integrity));
    }

    static SelectorPair sites() {
        return pair(List.of("10.1.0.0/16", "fd01::/16"), List.of("10.2.0.0/16", "fd02::/16"));
    }

    static SelectorPair pair(List<String> local, List<String> remote) {
        return new SelectorPair(selectors(local), selectors(remote));
    }

    private static List<TrafficSelector> selectors(List<String> prefixes) {
        return prefixes.stream().map(p -> TrafficSelector.of(IpPrefix.of(p))).toList();
    }

    static SelectorPair mirror(SelectorPair pair) {
        return new SelectorPair(pair.remote(), pair.local());
    }

    static Carriage udp4() {
        return new Carriage(path("192.0.2.1", 4500, "192.0.2.2", 4500), true);
    }

    static Carriage raw4() {
        return new Carriage(path("192.0.2.1", 0, "192.0.2.2", 0), false);
    }

    static Carriage udp6() {
        return new Carriage(path("2001:db8::1", 4500, "2001:db8::2", 4500), true);
    }

    static Carriage raw6() {
        return new Carriage(path("2001:db8::1", 0, "2001:db8::2", 0), false);
    }

    static Path path(String local, int localPort, String remote, int remotePort) {
        return new Path(
                new Endpoint(IpAddress.of(local), localPort),
                new Endpoint(IpAddress.of(remote), remotePort));
    }

    static Carriage turn(Carriage c) {
        return new Carriage(turn(c.path()), c.udp());
    }

    static Path turn(Path p) {
        return new Path(p.remote(), p.local());
    }

    PacketBatch batch() {
        return new PacketBatch(arena, PacketBatch.MOST, 2048, 128);
    }

    /// A batch of clear packets as a TUN gives them.
    PacketBatch read(int link, byte[]... packets) {
        PacketBatch batch = batch();
        for (byte[] packet : packets) {
            int i = batch.add();
            batch.fill(i, packet, 0, packet.length);
            batch.link(i, link);
        }
        return batch;
    }

    /// What B's sockets receive of what A's send: of UDP a train, as the kernel gives it.
    PacketBatch carry(PacketBatch sent) {
        boolean udp = inLane(sent, Lane.UDP) > 0;
        boolean raw = inLane(sent, Lane.RAW) + inLane(sent, Lane.AH) > 0;
        return udp && !raw ? train(sent) : carry(sent, batch());
    }

    /// Datagrams that lie one behind the other, without room between; what must grow is moved.
    private PacketBatch train(PacketBatch sent) {
        int slots = PacketBatch.MOST * 2048;
        PacketBatch train = PacketBatch.over(arena.allocate(2 * slots, 64), slots, 2048, 64);
        int at = 0;
        for (int i = 0; i < sent.count(); i++) {
            if (sent.lane(i) == Lane.UDP) {
                byte[] octets = sent.copy(i);
                int k = train.addAt(at, octets.length);
                train.fill(k, octets, 0, octets.length);
                train.lane(k, Lane.UDP);
                train.path(k, turn(pathOf(sent, i)));
                train.trafficClass(k, sent.trafficClass(i));
                at += octets.length;
            }
        }
        return train;
    }

    static PacketBatch carry(PacketBatch sent, PacketBatch received) {
        for (int i = 0; i < sent.count(); i++) {
            if (sent.lane(i) == Lane.UDP || sent.lane(i) == Lane.RAW || sent.lane(i) == Lane.AH) {
                deliver(received, sent.lane(i), turn(pathOf(sent, i)), sent.copy(i));
                received.trafficClass(received.count() - 1, sent.trafficClass(i));
            }
        }
        return received;
    }

    static int deliver(PacketBatch into, Lane lane, Path path, byte[] octets) {
        int i = into.add();
        into.fill(i, octets, 0, octets.length);
        into.lane(i, lane);
        into.path(i, path);
        return i;
    }

    static Path pathOf(PacketBatch batch, int i) {
        Path path = batch.path(i);
        if (path == null) {
            throw new AssertionError("packet " + i + " has no path");
        }
        return path;
    }

    /// Sends packets out of A's tun1; the batch as it goes to the sockets.
    PacketBatch aSends(byte[]... packets) {
        PacketBatch batch = read(LINK, packets);
        aOut.process(batch, now);
        return batch;
    }

    /// The same from B.
    PacketBatch bSends(byte[]... packets) {
        PacketBatch batch = read(LINK, packets);
        bOut.process(batch, now);
        return batch;
    }

    PacketBatch bReceives(PacketBatch sent) {
        PacketBatch batch = carry(sent);
        bIn.process(batch, now);
        return batch;
    }

    PacketBatch aReceives(PacketBatch sent) {
        PacketBatch batch = carry(sent);
        aIn.process(batch, now);
        return batch;
    }

    /// The ESP packet that A makes of one inner packet.
    byte[] sealedByA(byte[] inner) {
        PacketBatch sent = aSends(inner);
        assertEquals(1, sent.count());
        return sent.copy(0);
    }

    static int inLane(PacketBatch batch, Lane lane) {
        int count = 0;
        for (int i = 0; i < batch.count(); i++) {
            count += batch.lane(i) == lane ? 1 : 0;
        }
        return count;
    }

    static boolean contains(byte[] octets, byte[] part) {
        for (int at = 0; at + part.length <= octets.length; at++) {
            if (Arrays.equals(octets, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        a.close();
        b.close();
        arena.close();
    }
}
