package io.sallyport.config.ipsecconf;

import static io.sallyport.config.read.Texts.CONN;
import static io.sallyport.config.read.Texts.conf;
import static io.sallyport.config.read.Texts.connWith;
import static io.sallyport.config.read.Texts.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.config.ipsecconf.Keyword.Fate;
import io.sallyport.config.read.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The setting table: complete, and every word of it has its message.
class KeywordTest {
    /// What strongSwan has no word for here.
    private static final Set<String> OURS = Set.of("copy_df", "fragment", "tfc_rate");

    /// The words of strongSwan 5.9's starter, current ones and relics.
    private static final Set<String> STRONGSWAN =
            new TreeSet<>(
                    Arrays.asList(
                            ("charondebug uniqueids cachecrls strictcrlpolicy interfaces dumpdir"
                                            + " charonstart plutostart klipsdebug plutodebug"
                                            + " prepluto postpluto plutostderrlog fragicmp"
                                            + " packetdefault hidetos overridemtu crlcheckinterval"
                                            + " nocrsend nat_traversal keep_alive force_keepalive"
                                            + " virtual_private pkcs11module pkcs11initargs"
                                            + " pkcs11keepstate pkcs11proxy cacert ldaphost"
                                            + " ldapbase crluri crluri1 crluri2 ocspuri ocspuri1"
                                            + " ocspuri2 certuribase also auto keyexchange type"
                                            + " compress installpolicy aggressive auth authby eap"
                                            + " eap_identity aaa_identity mobike forceencaps"
                                            + " fragmentation ikedscp keylife lifetime rekeymargin"
                                            + " margintime lifebytes marginbytes lifepackets"
                                            + " marginpackets ikelifetime keyingtries rekeyfuzz"
                                            + " rekey reauth esp ike ah pfs pfsgroup dpddelay"
                                            + " dpdtimeout dpdaction closeaction sha256_96"
                                            + " inactivity modeconfig xauth xauth_identity"
                                            + " mediation mediated_by me_peerid reqid"
                                            + " replay_window mark mark_in mark_out tfc left"
                                            + " leftikeport leftsubnet leftsubnetwithin"
                                            + " leftprotoport leftsourceip leftdns leftnatip"
                                            + " leftnexthop leftfirewall lefthostaccess"
                                            + " leftallowany leftupdown leftid leftid2 leftauth"
                                            + " leftauth2 leftrsasigkey leftsigkey leftcert"
                                            + " leftcert2 leftcertpolicy leftsendcert leftca"
                                            + " leftca2 leftgroups leftgroups2")
                                    .split(" ")));

    @Test
    void everyWordOfStrongSwanIsKnown() {
        Set<String> known = new TreeSet<>();
        for (Keyword.Place place : Keyword.Place.values()) {
            known.addAll(Keyword.words(place));
        }
        Set<String> missing = new TreeSet<>(STRONGSWAN);
        missing.removeAll(known);
        assertEquals(Set.of(), missing);
        STRONGSWAN.stream()
                .filter(w -> w.startsWith("left"))
                .forEach(w -> assertTrue(known.contains(w.replace("left", "right")), w));
        assertEquals(
                STRONGSWAN,
                known.stream()
                        .filter(w -> !w.startsWith("right") && !OURS.contains(w))
                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @EnumSource(Keyword.class)
    void whatIsNotUsedHasAReason(Keyword keyword) {
        assertEquals(keyword.fate() == Fate.USED, keyword.reason().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Keyword.class,
            mode = EnumSource.Mode.MATCH_NONE,
            names = {"CA_.*"})
    void everyWordGetsItsMessage(Keyword keyword) {
        // used on the left only
        boolean ours = keyword == Keyword.UPDOWN || keyword == Keyword.HOSTACCESS;
        String word = ours ? keyword.words().getFirst() : keyword.words().getLast();
        Reading reading =
                switch (keyword.place()) {
                    case SETUP -> conf("config setup\n\t" + word + "=x\n" + CONN);
                    case CA -> conf("ca other\n\t" + word + "=x\n" + CONN);
                    case CONN, END -> connWith(word + "=x");
                };
        List<String> all = messages(reading);
        assertTrue(all.stream().noneMatch(m -> m.contains("unknown keyword")), () -> "" + all);
        switch (keyword.fate()) {
            case IGNORED ->
                    assertTrue(
                            all.stream()
                                    .anyMatch(m ->
                                            m.contains(": note: ")
                                                    && m.contains(
                                                            " is ignored: " + keyword.reason())),
                            () -> "" + all);
            case MISSED, REMOVED -> {
                if (keyword.place() != Keyword.Place.CA) {
                    assertTrue(
                            all.stream()
                                    .anyMatch(m ->
                                            m.contains(": warning: ")
                                                    && m.endsWith(keyword.reason())),
                            () -> "" + all);
                }
            }
            case REFUSED -> {
                assertTrue(
                        all.stream()
                                .anyMatch(m ->
                                        m.contains(": error: ") && m.endsWith(keyword.reason())),
                        () -> "" + all);
                assertEquals(List.of(), reading.spec().connections());
            }
            case USED -> assertFalse(all.stream().anyMatch(m -> m.contains("is ignored: ")));
        }
        if (keyword.fate() != Fate.USED && keyword.fate() != Fate.REFUSED) {
            assertEquals(1, reading.spec().connections().size(), () -> "" + all);
        }
    }

    @Test
    void harmlessValuesAreSilent() {
        assertEquals(
                List.of(),
                messages(
                        connWith(
                                "mobike=no",
                                "compress=no",
                                "aggressive=no",
                                "fragmentation=yes",
                                "installpolicy=yes",
                                "leftfirewall=no",
                                "reauth=yes")));
    }
}
