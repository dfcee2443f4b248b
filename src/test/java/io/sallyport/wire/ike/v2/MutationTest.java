package io.sallyport.wire.ike.v2;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.notify.AuthAnnouncement;
import io.sallyport.wire.ike.v2.notify.IpcompOffer;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.notify.PpkIdentity;
import io.sallyport.wire.ike.v2.notify.Puzzle;
import io.sallyport.wire.ike.v2.notify.Redirect;
import io.sallyport.wire.ike.v2.notify.Ticket;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever arrives, a parser returns or throws [MalformedException]; nothing else. What it returns
/// can be emitted and is read back the same.
class MutationTest {
    private static final MessageKind[] KINDS = MessageKind.values();

    private final Random random = new Random(2014);
    private final List<byte[]> seeds = new ArrayList<>();
    private int read;
    private int refused;

    private void plant() throws Exception {
        for (String name : List.of("charon-v2-psk", "charon-v2-fragments")) {
            for (Conversation.Opened opened : new Conversation(name).messages) {
                seeds.add(opened.sent().octets().toArray());
                opened.inside().ifPresent(inside -> seeds.add(clear(inside.payloads())));
            }
        }
        RandomPayloads payloads = new RandomPayloads(1);
        for (int i = 0; i < 60; i++) {
            seeds.add(clear(List.of(payloads.ofKind(i % RandomPayloads.KINDS))));
            seeds.add(clear(payloads.payloads(6)));
        }
    }

    private static byte[] clear(List<Payload> payloads) {
        return Message.emit(7, 9, ExchangeType.IKE_AUTH, true, false, 1, payloads).toArray();
    }

    /// One to four changes; half of the time the header is repaired after them, so that the parsers
    /// behind its checks are reached.
    private byte[] mutant() {
        byte[] octets = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && octets.length > 0; changes--) {
            octets = change(octets);
        }
        if (octets.length >= IkeHeader.LENGTH && random.nextInt(2) == 0) {
            octets[17] = 0x20;
            octets[24] = 0;
            octets[25] = (byte) (octets.length >> 16);
            octets[26] = (byte) (octets.length >> 8);
            octets[27] = (byte) octets.length;
        }
        return octets;
    }

    private byte[] change(byte[] octets) {
        int at = random.nextInt(octets.length);
        switch (random.nextInt(6)) {
            case 0 -> octets[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> octets[at] = (byte) random.nextInt(256);
            case 2 -> octets[at] = (byte) (random.nextBoolean() ? 0xff : 0);
            case 3 -> octets[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 4 -> {
                return Arrays.copyOf(octets, at);
            }
            default -> { // a piece of another message in the middle
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                int length = Math.min(random.nextInt(40), other.length - from);
                byte[] longer = Arrays.copyOf(octets, octets.length + length);
                System.arraycopy(octets, at, longer, at + length, octets.length - at);
                System.arraycopy(other, from, longer, at, length);
                return longer;
            }
        }
        return octets;
    }

    private void tryAll(Octets octets) {
        try {
            Message message = Message.parse(octets);
            read++;
            List<Payload> payloads = message.chain().payloads();
            int first = PayloadChain.firstType(payloads);
            if (!PayloadChain.parse(first, PayloadChain.emit(payloads), 0)
                    .payloads()
                    .equals(payloads)) {
                throw new AssertionError("not read back: " + octets.hex());
            }
            message.associatedData();
            message.chain().unsupportedCritical();
            for (Payload payload : payloads) {
                lookInto(payload);
            }
            MessageRules.check(KINDS[random.nextInt(KINDS.length)], payloads);
            MessageRules.checkOutside(KINDS[random.nextInt(KINDS.length)], payloads);
        } catch (MalformedException e) {
            refused++;
        }
        try {
            PayloadChain.parse(random.nextInt(256), octets, random.nextInt(octets.length() + 2));
        } catch (MalformedException e) {
            refused++;
        }
        try {
            PayloadChain.parseInner(PayloadType.SA + random.nextInt(21), octets);
        } catch (MalformedException e) {
            refused++;
        }
    }

    private void lookInto(Payload payload) {
        try {
            switch (payload) {
                case Authentication auth -> auth.digitalSignature();
                case Certificate certificate -> certificate.hashAndUrl();
                case CertificateRequest request -> request.authorities();
                case TrafficSelectors ts -> ts.ranges();
                case Encrypted encrypted -> encrypted.parts(random.nextInt(20), 16);
                case EncryptedFragment fragment -> fragment.parts(8, random.nextInt(33));
                case Notify notify -> lookInto(notify);
                default -> {}
            }
        } catch (MalformedException e) {
            refused++;
        }
    }

    /// Its data under every number that has a reader.
    private void lookInto(Notify notify) throws MalformedException {
        NotifyType[] types = NotifyType.values();
        NotifyType type = types[random.nextInt(types.length)];
        Notify as = new Notify(notify.protocolId(), notify.spi(), type.number(), notify.data());
        switch (type) {
            case NAT_DETECTION_SOURCE_IP, NAT_DETECTION_DESTINATION_IP -> Notices.natHash(as);
            case COOKIE -> Notices.cookie(as);
            case COOKIE2 -> Notices.cookie2(as);
            case INVALID_KE_PAYLOAD -> Notices.wantedMethod(as);
            case UNSUPPORTED_CRITICAL_PAYLOAD -> Notices.unsupportedCritical(as);
            case REKEY_SA, CHILD_SA_NOT_FOUND -> Notices.childSpi(as);
            case SIGNATURE_HASH_ALGORITHMS -> Notices.hashAlgorithms(as);
            case ADDITIONAL_IP4_ADDRESS, ADDITIONAL_IP6_ADDRESS -> Notices.additionalAddress(as);
            case AUTH_LIFETIME -> Notices.authLifetime(as);
            case SET_WINDOW_SIZE -> Notices.windowSize(as);
            case QUICK_CRASH_DETECTION -> Notices.crashToken(as);
            case ADDITIONAL_KEY_EXCHANGE -> Notices.additionalKeyExchange(as);
            case REDIRECT, REDIRECTED_FROM -> Redirect.of(as);
            case TICKET_LT_OPAQUE -> Ticket.of(as);
            case PPK_IDENTITY -> PpkIdentity.of(as);
            case IPCOMP_SUPPORTED -> IpcompOffer.of(as);
            case PUZZLE -> Puzzle.of(as);
            case SUPPORTED_AUTH_METHODS -> AuthAnnouncement.of(as);
            default -> {}
        }
    }

    private void run(int mutants) throws Exception {
        plant();
        for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutant();
            try {
                tryAll(Octets.owned(mutant));
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("escaped from " + Octets.of(mutant).hex(), e);
            }
        }
        // Both ways are walked often: neither a fuzzer that only bounces off the header, nor one
        // that changes nothing.
        assertTrue(read > mutants / 20, read + " of " + mutants + " read");
        assertTrue(refused > mutants / 4, refused + " refused");
    }

    @Test
    void onlyMalformedExceptionEscapes() throws Exception {
        run(30_000);
    }

    @Test
    @Tag("slow")
    void onlyMalformedExceptionEscapesHundredTimesLonger() throws Exception {
        random.setSeed(2026);
        run(3_000_000);
    }
}
