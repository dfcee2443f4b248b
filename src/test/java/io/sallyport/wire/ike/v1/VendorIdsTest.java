package io.sallyport.wire.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;

class VendorIdsTest {
    private static Octets md5(String text) throws NoSuchAlgorithmException {
        return Octets.of(
                MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void theHashesAreOfTheTextsThatTheyClaim() throws NoSuchAlgorithmException {
        assertEquals(md5("RFC 3947"), VendorIds.NAT_TRAVERSAL);
        assertEquals(md5("draft-ietf-ipsec-nat-t-ike-02"), VendorIds.NAT_TRAVERSAL_DRAFT_02);
        assertEquals(md5("draft-ietf-ipsec-nat-t-ike-02\n"), VendorIds.NAT_TRAVERSAL_DRAFT_02_LF);
        assertEquals(md5("draft-ietf-ipsec-nat-t-ike-03"), VendorIds.NAT_TRAVERSAL_DRAFT_03);
        assertEquals(md5("FRAGMENTATION"), VendorIds.FRAGMENTATION);
        assertEquals(md5("strongSwan"), VendorIds.STRONGSWAN);
        assertEquals(md5("CISCO-UNITY").slice(0, 14), VendorIds.CISCO_UNITY.slice(0, 14));
    }

    @Test
    void versionsAndFlagsBehindAnIdAreIgnored() {
        Octets dpd = VendorIds.DEAD_PEER_DETECTION;
        assertTrue(VendorIds.matches(dpd, dpd));
        assertTrue(VendorIds.matches(dpd, Octets.concat(dpd.slice(0, 14), Octets.hex("0203"))));
        assertFalse(VendorIds.matches(dpd, dpd.slice(0, 13)));
        assertTrue(
                VendorIds.matches(
                        VendorIds.FRAGMENTATION,
                        Octets.concat(VendorIds.FRAGMENTATION, Octets.hex("80000000"))));
        assertFalse(
                VendorIds.matches(
                        VendorIds.NAT_TRAVERSAL,
                        Octets.concat(VendorIds.NAT_TRAVERSAL, Octets.hex("00"))));
    }

    @Test
    void namesAreForPeople() {
        assertEquals("NAT-T (RFC 3947)", VendorIds.name(VendorIds.NAT_TRAVERSAL));
        assertEquals("libreswan", VendorIds.name(Octets.ascii("OE-Libreswan-4.10")));
        assertEquals("beef", VendorIds.name(Octets.hex("beef")));
        assertEquals("NO-PROPOSAL-CHOSEN", NotifyType.name(NotifyType.NO_PROPOSAL_CHOSEN));
        assertEquals("UNEQUAL-PAYLOAD-LENGTHS", NotifyType.name(30));
        assertEquals("R-U-THERE-ACK", NotifyType.name(36137));
        assertEquals("31", NotifyType.name(31));
        assertTrue(NotifyType.isError(NotifyType.INVALID_COOKIE));
        assertFalse(NotifyType.isError(NotifyType.INITIAL_CONTACT));
    }
}
