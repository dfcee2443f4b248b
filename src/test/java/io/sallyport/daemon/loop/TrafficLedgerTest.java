package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.Mode;
import io.sallyport.testkit.Specs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrafficLedgerTest {
    private static final EspSuite SUITE =
            new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false);
    private static final Path PATH =
            new Path(
                    new Endpoint(IpAddress.of("192.0.2.1"), 500),
                    new Endpoint(IpAddress.of("192.0.2.2"), 500));

    private static Owner owner(int n) {
        return new Owner("c" + n, "child", "");
    }

    private static ChildSa sa(long id, Owner owner) {
        return new ChildSa(
                id,
                owner,
                SUITE,
                new SaHalf(1, Secret.utf8("k"), Secret.EMPTY),
                new SaHalf(2, Secret.utf8("k"), Secret.EMPTY),
                new Specs().build().children().getFirst().selectors(),
                new Carriage(PATH, false),
                new ChildSa.Handling(Mode.TUNNEL, 64));
    }

    /// Seeded comings and goings, against a ledger that adds up every packet by hand.
    @Test
    void whateverComesAndGoesTheTotalsAreThoseOfAllItsSas() {
        Random random = new Random(4301);
        TrafficLedger ledger = new TrafficLedger();
        Map<Long, Long> carried = new HashMap<>();
        Map<Long, Integer> ownerOf = new HashMap<>();
        long[] totals = new long[7];
        List<Long> living = new ArrayList<>();
        for (long id = 1; id <= 3000; id++) {
            int owner = random.nextInt(totals.length);
            ledger.installed(sa(id, owner(owner)));
            living.add(id);
            ownerOf.put(id, owner);
            long much = random.nextInt(1000);
            carried.put(id, much);
            totals[owner] += much;
            while (living.size() > random.nextInt(40)) {
                long gone = living.remove(random.nextInt(living.size()));
                ledger.removed(gone, usage(carried.getOrDefault(gone, 0L)));
                ledger.removed(gone, usage(1)); // a second time says nothing
            }
            int asked = random.nextInt(totals.length);
            List<Long> looked = new ArrayList<>();
            SaUsage total =
                    ledger.total(
                            owner(asked),
                            sa -> {
                                looked.add(sa);
                                return usage(carried.getOrDefault(sa, 0L));
                            });
            assertEquals(totals[asked], total.packetsIn());
            assertEquals(
                    living.stream()
                            .filter(sa -> ownerOf.getOrDefault(sa, -1) == asked)
                            .sorted()
                            .toList(),
                    looked.stream().sorted().toList(), // and nobody else's
                    "looked at");
        }
    }

    private static SaUsage usage(long packets) {
        return new SaUsage(packets, 0, 0, 0, SaUsage.NEVER, SaUsage.NEVER);
    }
}
