package io.sallyport.creds.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.SharedSecret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which key is for whom.
class CredentialStoreTest {
    private static final Identity US = Identity.of(IpAddress.of("192.0.2.1"));
    private static final Identity PEER = Identity.of(IpAddress.of("198.51.100.1"));
    private static final Identity OTHER = Identity.of(IpAddress.of("198.51.100.2"));
    private static final Identity NAME = Identity.fqdn("gw.example");

    private static SharedSecret key(String text, Identity... owners) {
        return new SharedSecret(Arrays.asList(owners), Secret.utf8(text), Origin.NONE);
    }

    private static String found(CredentialStore store, List<Identity> us, List<Identity> them) {
        return store.presharedKey(us, them)
                .map(s -> new String(s.expose(), StandardCharsets.UTF_8))
                .orElse("none");
    }

    private static String found(SharedSecret... secrets) {
        return found(new CredentialStore(List.of(secrets)), List.of(US), List.of(PEER));
    }

    @Test
    void bothEndsBeforeThePeerBeforeUsBeforeAnybody() {
        SharedSecret anybody = key("anybody");
        SharedSecret ours = key("ours", US);
        SharedSecret theirs = key("theirs", PEER);
        SharedSecret both = key("both", PEER, US);
        assertEquals("both", found(anybody, ours, theirs, both));
        assertEquals("theirs", found(anybody, ours, theirs));
        assertEquals("ours", found(anybody, ours));
        assertEquals("anybody", found(anybody));
        assertEquals("none", found());
    }

    @Test
    void aKeyOfUsAndSomebodyElseIsNotForThisPeer() {
        assertEquals("none", found(key("other", US, OTHER)));
        assertEquals("anybody", found(key("other", US, OTHER), key("anybody")));
    }

    @Test
    void aNamedPeerBeatsAnyPeer() {
        assertEquals("named", found(key("any", US, Identity.ANY), key("named", PEER)));
        assertEquals("any", found(key("any", US, Identity.ANY), key("other", OTHER)));
        assertEquals("any", found(key("empty"), key("any", Identity.ANY)));
    }

    /// The configured identity is asked before the address.
    @Test
    void anEarlierCandidateBeatsALaterOne() {
        CredentialStore store =
                new CredentialStore(List.of(key("address", PEER), key("name", NAME)));
        assertEquals("name", found(store, List.of(US), List.of(NAME, PEER)));
        assertEquals("address", found(store, List.of(US), List.of(PEER, NAME)));
    }

    @Test
    void ofEqualsTheFirstInTheFile() {
        assertEquals("first", found(key("first", PEER), key("second", PEER)));
    }

    @Test
    void closingWhatWasGivenKeepsTheStoreWhole() {
        CredentialStore store = new CredentialStore(List.of(key("kept", PEER)));
        store.presharedKey(List.of(US), List.of(PEER)).orElseThrow().close();
        assertEquals("kept", found(store, List.of(US), List.of(PEER)));
    }

    /// A PPK_ID is octets: the kind of identity that its owner looks like does not count; and no
    /// key is taken for one of another kind.
    @Test
    void postQuantumKeysByTheirOctets() {
        CredentialStore none = new CredentialStore(List.of(ike(List.of(), "psk")));
        assertFalse(none.hasPostQuantumKeys());
        assertTrue(none.postQuantumKey(Octets.utf8("q1")).isEmpty());
        CredentialStore some =
                new CredentialStore(
                        List.of(
                                ppk(List.of(), "any"),
                                ppk(List.of(Identity.fqdn("q1")), "one"),
                                ppk(
                                        List.of(
                                                new Identity(
                                                        Identity.Type.KEY_ID, Octets.utf8("q2"))),
                                        "two"),
                                ike(List.of(Identity.fqdn("q3")), "psk")));
        assertTrue(some.hasPostQuantumKeys());
        for (String[] pair :
                new String[][] {{"q1", "one"}, {"q2", "two"}, {"q3", "any"}, {"q", "any"}}) {
            try (Secret found = some.postQuantumKey(Octets.utf8(pair[0])).orElseThrow();
                    Secret due = Secret.utf8(pair[1])) {
                assertEquals(due, found, pair[0]);
            }
        }
        CredentialStore named =
                new CredentialStore(List.of(ppk(List.of(Identity.fqdn("q1")), "one")));
        assertTrue(named.postQuantumKey(Octets.utf8("q2")).isEmpty());
    }

    private static SharedSecret ppk(List<Identity> owners, String secret) {
        return new SharedSecret(
                SharedSecret.Kind.PPK, owners, Secret.utf8(secret), new Origin("test", 1));
    }

    private static SharedSecret ike(List<Identity> owners, String secret) {
        return new SharedSecret(owners, Secret.utf8(secret), new Origin("test", 1));
    }
}
