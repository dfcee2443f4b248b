package io.sallyport.wire.ike.v2.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NoticesTest {
    private static Notify of(NotifyType type, String hex) {
        return Notify.of(type, Octets.hex(hex));
    }

    private static void refused(Executable reading) {
        assertThrows(MalformedException.class, reading);
    }

    @Test
    void valuesAreReadBack() throws MalformedException {
        Octets twenty = Octets.hex("01".repeat(20));
        assertEquals(twenty, Notices.natHash(Notices.natDetection(true, twenty)));
        assertEquals(twenty, Notices.natHash(Notices.natDetection(false, twenty)));
        assertEquals(twenty, Notices.cookie(Notices.cookie(twenty)));
        assertEquals(twenty, Notices.cookie2(Notices.cookie2(twenty)));
        assertEquals(31, Notices.wantedMethod(Notices.invalidKe(31)));
        assertEquals(200, Notices.unsupportedCritical(Notices.unsupportedCritical(200)));
        assertEquals(-2, Notices.childSpi(Notices.rekeySa(ProtocolId.ESP, -2)));
        assertEquals(-2, Notices.childSpi(Notices.childSaNotFound(ProtocolId.AH, -2)));
        List<HashAlgorithm> hashes = List.of(HashAlgorithm.SHA2_512, HashAlgorithm.IDENTITY);
        assertEquals(hashes, Notices.hashAlgorithms(Notices.hashAlgorithms(hashes)));
        for (String text : List.of("192.0.2.1", "2001:db8::1")) {
            IpAddress address = IpAddress.of(text);
            assertEquals(address, Notices.additionalAddress(Notices.additionalAddress(address)));
        }
        assertEquals(0xffffffffL, Notices.authLifetime(Notices.authLifetime(0xffffffffL)));
        assertEquals(8, Notices.windowSize(Notices.windowSize(8)));
        assertEquals(twenty, Notices.crashToken(Notices.crashToken(twenty)));
        assertEquals(twenty, Notices.additionalKeyExchange(Notices.additionalKeyExchange(twenty)));
    }

    @Test
    void recordsAreReadBack() throws MalformedException {
        Redirect redirect =
                new Redirect(Redirect.FQDN, Octets.ascii("gw.example"), Octets.hex("0102"));
        assertEquals(redirect, Redirect.of(redirect.redirect()));
        assertEquals(redirect, Redirect.of(redirect.redirectedFrom()));
        Ticket ticket = new Ticket(3_000_000_000L, Octets.hex("aabb"));
        assertEquals(ticket, Ticket.of(ticket.given()));
        assertEquals(ticket.ticket(), ticket.presented().data());
        PpkIdentity ppk = new PpkIdentity(PpkIdentity.FIXED, Octets.ascii("ppk-1"));
        assertEquals(ppk, PpkIdentity.of(ppk.emit()));
        IpcompOffer ipcomp = new IpcompOffer(0xcafe, IpcompOffer.DEFLATE);
        assertEquals(ipcomp, IpcompOffer.of(ipcomp.emit()));
        Puzzle puzzle = new Puzzle(5, 16);
        assertEquals(puzzle, Puzzle.of(puzzle.emit()));
        List<AuthAnnouncement> methods =
                List.of(
                        new AuthAnnouncement(2, 0, Octets.EMPTY),
                        new AuthAnnouncement(1, 1, Octets.EMPTY),
                        new AuthAnnouncement(14, 0, Octets.hex("300506032b6570")));
        assertEquals(methods, AuthAnnouncement.of(AuthAnnouncement.emit(methods)));
        assertEquals(
                Octets.hex("0202 030101 0a0e00 300506032b6570"),
                AuthAnnouncement.emit(methods).data());
    }

    @Test
    void lengthsAreWatched() {
        refused(() -> Notices.natHash(of(NotifyType.NAT_DETECTION_SOURCE_IP, "01".repeat(19))));
        refused(() -> Notices.cookie(of(NotifyType.COOKIE, "")));
        refused(() -> Notices.cookie(of(NotifyType.COOKIE, "01".repeat(65))));
        refused(() -> Notices.cookie2(of(NotifyType.COOKIE2, "01".repeat(7))));
        refused(() -> Notices.wantedMethod(of(NotifyType.INVALID_KE_PAYLOAD, "01")));
        refused(() -> Notices.wantedMethod(of(NotifyType.INVALID_KE_PAYLOAD, "010203")));
        refused(() -> Notices.childSpi(Notify.of(NotifyType.REKEY_SA)));
        refused(() -> Notices.childSpi(Notices.rekeySa(ProtocolId.IKE, 1)));
        refused(() -> Notices.hashAlgorithms(of(NotifyType.SIGNATURE_HASH_ALGORITHMS, "000200")));
        refused(() -> Notices.additionalAddress(of(NotifyType.ADDITIONAL_IP4_ADDRESS, "010203")));
        refused(() -> Notices.windowSize(of(NotifyType.SET_WINDOW_SIZE, "00000000")));
        refused(() -> Notices.crashToken(of(NotifyType.QUICK_CRASH_DETECTION, "01".repeat(15))));
        refused(() -> Notices.additionalKeyExchange(of(NotifyType.ADDITIONAL_KEY_EXCHANGE, "")));
        refused(() -> Redirect.of(of(NotifyType.REDIRECT, "01 03 010203")));
        refused(() -> Redirect.of(of(NotifyType.REDIRECT, "03 00")));
        refused(() -> Ticket.of(of(NotifyType.TICKET_LT_OPAQUE, "00000001")));
        refused(() -> PpkIdentity.of(of(NotifyType.PPK_IDENTITY, "01")));
        refused(() -> Puzzle.of(of(NotifyType.PUZZLE, "0005 10 00")));
        refused(() -> AuthAnnouncement.of(of(NotifyType.SUPPORTED_AUTH_METHODS, "01")));
        refused(() -> AuthAnnouncement.of(of(NotifyType.SUPPORTED_AUTH_METHODS, "0302")));
    }

    @Test
    void hashesThatNobodyKnowsAreSkipped() throws MalformedException {
        assertEquals(
                List.of(HashAlgorithm.SHA2_256),
                Notices.hashAlgorithms(of(NotifyType.SIGNATURE_HASH_ALGORITHMS, "00630002")));
    }

    /// Asking one number what another says is a mistake of ours, not of the peer.
    @Test
    void theWrongNumberIsABug() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Notices.cookie(Notify.of(NotifyType.INITIAL_CONTACT)));
    }
}
