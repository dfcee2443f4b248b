package io.sallyport.vpn.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.model.spec.Identity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeasePoolTest {
    private static final Identity ALICE = Identity.fqdn("alice");
    private static final Identity BOB = Identity.fqdn("bob");

    private static LeasePool hosts(String prefix) {
        return new LeasePool(List.of(LeasePool.hosts(IpRange.of(IpPrefix.of(prefix)))));
    }

    private static String lend(LeasePool pool, Identity who) {
        return pool.lend(who, IpAddress.ANY4).map(IpAddress::toString).orElse("none");
    }

    @Test
    void aNetworkLendsNeitherItsFirstNorItsLastAddress() {
        LeasePool pool = hosts("10.3.0.0/30");
        assertEquals(2, pool.size());
        assertEquals("10.3.0.1", lend(pool, ALICE));
        assertEquals("10.3.0.2", lend(pool, BOB));
        assertEquals("none", lend(pool, Identity.fqdn("carol")));
    }

    @Test
    void anAddressStaysWithItsIdentity() {
        LeasePool pool = hosts("10.3.0.0/24");
        assertEquals("10.3.0.1", lend(pool, ALICE));
        pool.giveBack(IpAddress.of("10.3.0.1"), ALICE);
        assertEquals("10.3.0.2", lend(pool, BOB));
        assertEquals("10.3.0.1", lend(pool, ALICE));
    }

    @Test
    void whenNothingIsFreshTheLongestUnusedChangesItsHolder() {
        LeasePool pool = hosts("10.3.0.0/30");
        lend(pool, ALICE);
        lend(pool, BOB);
        pool.giveBack(IpAddress.of("10.3.0.2"), BOB);
        pool.giveBack(IpAddress.of("10.3.0.1"), ALICE);
        assertEquals("10.3.0.2", lend(pool, Identity.fqdn("carol")));
        assertEquals("10.3.0.1", lend(pool, BOB)); // his own is gone
        assertEquals("none", lend(pool, ALICE));
    }

    @Test
    void whoBeginsAnewBesideWhatItHasKeepsItsAddressUntilBothAreGone() {
        LeasePool pool = hosts("10.3.0.0/24");
        IpAddress first = IpAddress.of("10.3.0.1");
        lend(pool, ALICE);
        assertEquals(Optional.of(first), pool.lend(ALICE, first));
        pool.giveBack(first, ALICE);
        assertEquals(1, pool.online());
        pool.giveBack(first, ALICE);
        assertEquals(0, pool.online());
    }

    @Test
    void aSecondDeviceOfOneIdentityGetsAnAddressOfItsOwn() {
        LeasePool pool = hosts("10.3.0.0/24");
        assertEquals("10.3.0.1", lend(pool, ALICE));
        assertEquals("10.3.0.2", lend(pool, ALICE));
    }

    @Test
    void nobodyGetsOrGivesBackWhatAnotherHas() {
        LeasePool pool = hosts("10.3.0.0/24");
        IpAddress alices = pool.lend(ALICE, IpAddress.ANY4).orElseThrow();
        assertEquals(Optional.of(IpAddress.of("10.3.0.2")), pool.lend(BOB, alices));
        assertFalse(pool.giveBack(alices, BOB));
        assertFalse(pool.giveBack(IpAddress.of("10.9.9.9"), ALICE));
        assertTrue(pool.giveBack(alices, ALICE));
        assertFalse(pool.giveBack(alices, ALICE));
    }

    @Test
    void aWishIsGrantedIfNobodyHadIt() {
        LeasePool pool = hosts("10.3.0.0/24");
        assertEquals(
                Optional.of(IpAddress.of("10.3.0.1")), pool.lend(BOB, IpAddress.of("10.3.0.1")));
        assertEquals("10.3.0.2", lend(pool, ALICE));
        assertEquals(
                Optional.of(IpAddress.of("10.3.0.3")),
                pool.lend(Identity.fqdn("carol"), IpAddress.of("10.3.0.255"))); // no host
    }

    /// S0-08: "C xxx.xxx.xxx.0/24 up to 255", "the 256th attach in a /24 is refused".
    @Test
    void sizesOfAnApnPoolAreTheCarriers() {
        for (var c :
                List.of(
                        java.util.Map.entry("10.0.0.0/8", 16_777_215L),
                        java.util.Map.entry("172.16.0.0/16", 65_535L),
                        java.util.Map.entry("192.164.0.0/24", 255L))) {
            IpRange network = IpRange.of(IpPrefix.of(c.getKey()));
            assertEquals(c.getValue(), new LeasePool(List.of(LeasePool.devices(network))).size());
        }
        LeasePool apn =
                new LeasePool(
                        List.of(LeasePool.devices(IpRange.of(IpPrefix.of("192.164.0.0/24")))));
        Set<String> lent = new HashSet<>();
        for (int i = 1; i <= 255; i++) {
            lent.add(lend(apn, Identity.fqdn("imsi-" + i)));
        }
        assertEquals(255, lent.size());
        assertFalse(lent.contains("none"));
        assertEquals("none", lend(apn, Identity.fqdn("imsi-256")));
        apn.giveBack(IpAddress.of("192.164.0.7"), Identity.fqdn("imsi-7"));
        assertEquals("192.164.0.7", lend(apn, Identity.fqdn("imsi-256"))); // detach frees it
    }

    @Test
    void hugePoolsOfIpv6AreWalkedAcrossWordBoundaries() {
        LeasePool pool =
                new LeasePool(
                        List.of(
                                new IpRange(
                                        IpAddress.of("2001:db8::ffff:ffff:ffff:ffff"),
                                        IpAddress.of("2001:db8:0:1::1")),
                                LeasePool.hosts(IpRange.of(IpPrefix.of("2001:db8:9::/64")))));
        assertEquals(1L << 31, pool.size());
        List<String> lent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            lent.add(pool.lend(ALICE, IpAddress.ANY6).orElseThrow().toString());
        }
        assertEquals(
                List.of(
                        "2001:db8::ffff:ffff:ffff:ffff",
                        "2001:db8:0:1::",
                        "2001:db8:0:1::1",
                        "2001:db8:9::1"),
                lent);
        assertEquals(Optional.empty(), pool.lend(ALICE, IpAddress.ANY4));
    }

    // ---- the slow truth

    /// The rules of [LeasePool] over one list, with a search for everything.
    private static final class Slow {
        private record Row(IpAddress address, Identity holder, int users, int restedAt) {}

        private final List<IpAddress> all;
        private final List<Row> rows = new ArrayList<>();
        private int clock;

        Slow(List<IpAddress> all) {
            this.all = all;
        }

        private Optional<Row> row(IpAddress a) {
            return rows.stream().filter(r -> r.address.equals(a)).findFirst();
        }

        private Optional<IpAddress> give(IpAddress a, Identity holder) {
            int users = row(a).filter(r -> r.holder.equals(holder)).map(Row::users).orElse(0);
            rows.removeIf(r -> r.address.equals(a));
            rows.add(new Row(a, holder, users + 1, 0));
            return Optional.of(a);
        }

        Optional<IpAddress> lend(Identity holder, IpAddress wanted) {
            Optional<Row> known = row(wanted);
            if (known.filter(r -> r.holder.equals(holder)).isPresent()) {
                return give(wanted, holder);
            }
            Optional<Row> own =
                    rows.stream()
                            .filter(r -> r.users == 0 && r.holder.equals(holder))
                            .max(java.util.Comparator.comparing(Row::restedAt));
            if (own.isPresent()) {
                return give(own.get().address, holder);
            }
            if (known.isEmpty() && all.contains(wanted)) {
                return give(wanted, holder);
            }
            Optional<IpAddress> fresh = all.stream().filter(a -> row(a).isEmpty()).findFirst();
            if (fresh.isPresent()) {
                return give(fresh.get(), holder);
            }
            return rows.stream()
                    .filter(r -> r.users == 0)
                    .min(java.util.Comparator.comparing(Row::restedAt))
                    .flatMap(r -> {
                        rows.remove(r);
                        return give(r.address, holder);
                    });
        }

        boolean giveBack(IpAddress a, Identity holder) {
            Optional<Row> has = row(a).filter(r -> r.users > 0 && r.holder.equals(holder));
            has.ifPresent(r -> {
                rows.remove(r);
                rows.add(new Row(a, holder, r.users - 1, ++clock));
            });
            return has.isPresent();
        }
    }

    @Test
    void doesWhatTheSlowTruthDoes() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            List<IpRange> ranges =
                    List.of(
                            new IpRange(IpAddress.of("10.0.0.3"), IpAddress.of("10.0.0.9")),
                            new IpRange(IpAddress.of("10.0.1.1"), IpAddress.of("10.0.1.1")),
                            new IpRange(IpAddress.of("10.0.0.254"), IpAddress.of("10.0.1.0")));
            List<IpAddress> all = new ArrayList<>();
            for (IpRange r : ranges) {
                for (IpAddress a = r.first(); r.contains(a); a = a.next()) {
                    all.add(a);
                }
            }
            LeasePool pool = new LeasePool(ranges);
            Slow slow = new Slow(all);
            assertEquals(all.size(), pool.size());
            for (int step = 0; step < 2000; step++) {
                Identity who = Identity.fqdn("p" + random.nextInt(14));
                IpAddress some = all.get(random.nextInt(all.size()));
                if (random.nextInt(5) < 2) {
                    IpAddress wanted = random.nextBoolean() ? IpAddress.ANY4 : some;
                    assertEquals(slow.lend(who, wanted), pool.lend(who, wanted), "seed " + seed);
                } else {
                    assertEquals(slow.giveBack(some, who), pool.giveBack(some, who));
                }
                assertEquals(slow.rows.stream().filter(r -> r.users > 0).count(), pool.online());
                assertEquals(slow.rows.stream().filter(r -> r.users == 0).count(), pool.offline());
            }
        }
    }
}
