package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.config.swanctl.Option.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The setting table: complete, and the manual is made of it.
class OptionsTest {
    private static final Path PAGE = Path.of("docs/settings/swanctl.md");

    /// What strongSwan has no word for.
    private static final String OURS = " fragment tfc_rate";

    private static final String OURS_OF_CONNECTION = " tcp tcp_port session_resumption";

    /// strongSwan 6.0's keys, place by place.
    private static final Map<Place, String> STRONGSWAN =
            Map.of(
                    Place.CONNECTION,
                    "version local_addrs remote_addrs local_port remote_port proposals vips"
                            + " aggressive pull dscp encap mobike dpd_delay dpd_timeout"
                            + " fragmentation childless send_certreq send_cert ocsp ppk_id"
                            + " ppk_required keyingtries unique reauth_time rekey_time over_time"
                            + " rand_time pools if_id_in if_id_out mediation mediated_by"
                            + " mediation_peer"
                            + OURS_OF_CONNECTION,
                    Place.LOCAL,
                    "round certs pubkeys auth id eap_id aaa_id xauth_id",
                    Place.REMOTE,
                    "round id eap_id groups cert_policy certs cacerts ca_id pubkeys revocation auth",
                    Place.CERTIFICATE,
                    "file handle slot module",
                    Place.CHILD,
                    "ah_proposals esp_proposals sha256_96 local_ts remote_ts rekey_time life_time"
                            + " rand_time rekey_bytes life_bytes rand_bytes rekey_packets"
                            + " life_packets rand_packets updown hostaccess mode policies"
                            + " policies_fwd_out dpd_action ipcomp inactivity reqid priority"
                            + " interface mark_in mark_in_sa mark_out set_mark_in set_mark_out"
                            + " if_id_in if_id_out label label_mode tfc_padding replay_window"
                            + " per_cpu_sas hw_offload copy_df copy_ecn copy_dscp icmp"
                            + " start_action close_action"
                            + OURS,
                    Place.SHARED,
                    "secret id<suffix>",
                    Place.KEY,
                    "file secret",
                    Place.TOKEN,
                    "handle slot module pin",
                    Place.POOL,
                    "addrs dns nbns dhcp netmask server subnet split_include split_exclude",
                    Place.AUTHORITY,
                    "cacert file handle slot module crl_uris ocsp_uris cert_uri_base");

    @Test
    void everyKeyOfStrongSwanIsKnownAndNoOtherButOurs() {
        STRONGSWAN.forEach((place, words) ->
                assertEquals(
                        new TreeSet<>(Arrays.asList(words.split(" "))),
                        new TreeSet<>(Options.of(place).stream().map(Option::word).toList()),
                        place.toString()));
        Set<Place> ours = EnumSet.of(Place.MANUAL, Place.MANUAL_HALF, Place.MODULE);
        assertEquals(EnumSet.complementOf(EnumSet.copyOf(ours)), STRONGSWAN.keySet());
    }

    @Test
    void whatIsNotUsedHasAReason() {
        for (Option o : Options.ALL) {
            assertEquals(o.fate() == Fate.USED, o.reason().isEmpty(), o.word());
            assertTrue(!o.meaning().isEmpty(), o.word());
        }
    }

    /// A default that is written down says what holds without it.
    @Test
    void defaultsMayBeWritten() {
        Swanctl bare = Swanctl.child();
        assertEquals(List.of(), bare.complaints());
        for (Option o : Options.of(Place.CHILD)) {
            if (o.isConstant()) {
                Swanctl said = Swanctl.child(o.word() + " = " + o.otherwise());
                assertEquals(List.of(), said.complaints(), o.word());
                assertEquals(bare.spec(), said.spec(), o.word());
            }
        }
        bare = Swanctl.connection();
        for (Option o : Options.of(Place.CONNECTION)) {
            if (o.isConstant()) {
                Swanctl said = Swanctl.connection(o.word() + " = " + o.otherwise());
                assertEquals(List.of(), said.complaints(), o.word());
                assertEquals(bare.spec(), said.spec(), o.word());
            }
        }
    }

    @Test
    void whatIsRefusedSaysWhyAtItsPlace() {
        for (Option o : Options.of(Place.CHILD)) {
            if (o.fate() == Fate.REFUSED) {
                Swanctl said = Swanctl.child(o.word() + " = other");
                assertEquals(
                        List.of("13:1: error: " + o.word() + " is refused: " + o.reason()),
                        said.complaints());
                assertEquals(List.of(), said.spec().connections());
            }
        }
    }

    /// Run this test with -Dsallyport.docs=write to make the page anew.
    @Test
    void theManualIsMadeOfTheTable() throws IOException {
        String page = SettingsPage.markdown();
        if ("write".equals(System.getProperty("sallyport.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page);
    }
}
