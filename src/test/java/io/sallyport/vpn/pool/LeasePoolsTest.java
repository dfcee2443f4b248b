package io.sallyport.vpn.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.model.port.AddressPools.Lease;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PoolSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeasePoolsTest {
    private static final Identity ALICE = Identity.fqdn("alice");
    private static final Identity BOB = Identity.fqdn("bob");

    private static PoolSpec pool(String name, String prefix, String dns) {
        return new PoolSpec(
                name,
                List.of(IpRange.of(IpPrefix.of(prefix))),
                List.of(new PoolSpec.Attribute(3, IpAddress.of(dns).octets())),
                Origin.NONE);
    }

    private static String lend(LeasePools pools, List<String> names, Identity who) {
        return pools.lend(names, who, IpAddress.ANY4)
                .map(l -> l.address() + " of " + l.pool())
                .orElse("none");
    }

    @Test
    void theFirstPoolWithAFreeAddressOfTheFamilyLends() {
        LeasePools pools = new LeasePools();
        pools.load(
                List.of(
                        pool("six", "2001:db8::/126", "10.0.0.6"),
                        pool("small", "10.1.0.1/32", "10.0.0.1"),
                        pool("large", "10.2.0.0/16", "10.0.0.2")));
        List<String> all = List.of("nobody", "six", "small", "large");
        assertEquals("10.1.0.1 of small", lend(pools, all, ALICE));
        assertEquals("10.2.0.1 of large", lend(pools, all, BOB));
        assertEquals("none", lend(pools, List.of("small"), BOB));
        // its wish decides before the order does
        assertEquals(
                Optional.of(new Lease("large", IpAddress.of("10.2.7.7"), BOB)),
                pools.lend(all, BOB, IpAddress.of("10.2.7.7")));
    }

    @Test
    void oneIsToldOnlyWhatItsOwnPoolsSay() {
        LeasePools pools = new LeasePools();
        pools.load(
                List.of(
                        pool("a", "10.1.0.0/24", "10.1.0.53"),
                        pool("b", "10.2.0.0/24", "10.2.0.53")));
        List<Octets> told =
                pools.attributes(List.of("a", "b"), List.of(IpAddress.of("10.2.0.9"))).stream()
                        .map(PoolSpec.Attribute::value)
                        .toList();
        assertEquals(List.of(IpAddress.of("10.2.0.53").octets()), told);
    }

    @Test
    void aReloadKeepsTheLeasesOfPoolsWithTheSameAddresses() {
        LeasePools pools = new LeasePools();
        pools.load(List.of(pool("a", "10.1.0.0/24", "10.1.0.53")));
        lend(pools, List.of("a"), ALICE);
        pools.load(List.of(pool("a", "10.1.0.0/24", "10.1.0.54")));
        assertEquals(1, pools.online("a"));
        assertEquals("10.1.0.2 of a", lend(pools, List.of("a"), BOB));
    }

    @Test
    void aLeaseOfAPoolThatChangedIsGivenBackToThePoolItIsFrom() {
        LeasePools pools = new LeasePools();
        pools.load(List.of(pool("a", "10.1.0.0/24", "10.1.0.53")));
        Lease old = pools.lend(List.of("a"), ALICE, IpAddress.ANY4).orElseThrow();
        pools.load(List.of(pool("a", "10.1.0.0/25", "10.1.0.53")));
        Lease fresh = pools.lend(List.of("a"), ALICE, IpAddress.ANY4).orElseThrow();
        assertEquals(old, fresh);
        pools.giveBack(old);
        assertEquals(1, pools.online("a"));
        pools.giveBack(fresh);
        assertEquals(0, pools.online("a"));
        pools.giveBack(fresh); // once more does no harm
        assertEquals(1, pools.views().getFirst().offline());
    }
}
