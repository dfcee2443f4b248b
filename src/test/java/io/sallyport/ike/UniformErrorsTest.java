package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who proves nothing learns nothing from the answer: neither whether the identity is known, nor
/// whether a key is, nor how much of the proof was right (RFC 7296, 2.21.2).
class UniformErrorsTest {
    private static final int AUTH = 35;
    private static final Path TO_B =
            new Path(
                    new Endpoint(IpAddress.of("192.0.2.2"), 500),
                    new Endpoint(IpAddress.of("192.0.2.1"), 500));

    private static TwoPeers awaiting() {
        TwoPeers p =
                new TwoPeers(
                        43,
                        TestCrypto.CRYPTO,
                        new Specs()
                                .between("192.0.2.1", "192.0.2.2")
                                .v2()
                                .ids(Identity.fqdn("moon.example"), Identity.fqdn("sun.example"))
                                .build(),
                        new Specs()
                                .between("192.0.2.2", "192.0.2.1")
                                .v2()
                                .passive()
                                .ids(Identity.fqdn("sun.example"), Identity.fqdn("moon.example"))
                                .build());
        p.middle(f -> f.from() == p.a && f.octets().at(18) == AUTH ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        return p;
    }

    private static Identification id(String name) {
        return new Identification(true, 2, Octets.ascii(name));
    }

    private static Map<String, List<Payload>> proofs(Forger2 forger) {
        Identification known = id("moon.example");
        Authentication right = forger.proof("aM6ktTm3pv5etv9eC", known);
        byte[] nearly = right.data().toArray();
        nearly[nearly.length - 1] ^= 1;
        Map<String, List<Payload>> all = new LinkedHashMap<>();
        all.put("another key", List.of(known, forger.proof("another", known)));
        all.put("the last octet", List.of(known, new Authentication(2, Octets.owned(nearly))));
        all.put("short", List.of(known, new Authentication(2, right.data().slice(0, 8))));
        all.put("by another method", List.of(known, new Authentication(14, right.data())));
        all.put("nobody's", List.of(id("nobody.example"), right));
        all.put("no AUTH", List.of(known));
        all.put(
                "to another",
                List.of(known, new Identification(false, 2, Octets.ascii("x.example")), right));
        return all;
    }

    @Test
    void whoProvesNothingHearsTheSame() throws Exception {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String name : proofs(forger(awaiting())).keySet()) {
            TwoPeers p = awaiting();
            Forger2 forger = forger(p);
            int before = p.b.sent.size();
            List<Payload> payloads = proofs(forger).getOrDefault(name, List.of());
            p.deliver(p.b, TO_B, forger.seal(AUTH, false, 1, payloads));
            assertEquals(before + 1, p.b.sent.size(), name);
            Octets answer = p.b.sent.getLast();
            List<String> said = new ArrayList<>();
            forger.open(answer).payloads().forEach(one -> said.add(one.toString()));
            answers.put(name, answer.length() + " octets: " + said);
        }
        assertEquals(1, answers.values().stream().distinct().count(), answers::toString);
        String number = String.valueOf(NotifyType.AUTHENTICATION_FAILED.number());
        assertTrue(answers.values().iterator().next().contains(number), answers::toString);
    }

    /// And the right one gets in.
    @Test
    void whoProvesIsIn() throws Exception {
        TwoPeers p = awaiting();
        p.middle(f -> f);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 20 * TwoPeers.SECOND));
    }

    private static Forger2 forger(TwoPeers p) throws Exception {
        return new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.b.shared.getFirst(), true);
    }
}
