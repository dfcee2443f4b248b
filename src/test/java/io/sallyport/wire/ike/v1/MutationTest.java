package io.sallyport.wire.ike.v1;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
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

    private final Random random = new Random(1998);
    private final List<byte[]> seeds = new ArrayList<>();
    private int read;
    private int refused;

    private void plant() throws Exception {
        for (String name : List.of("charon-main", "charon-fragments", "charon-aggressive")) {
            Conversation conversation = new Conversation(name);
            conversation.capture.messages().forEach(m -> seeds.add(m.octets().toArray()));
            for (Conversation.Opened opened : conversation.messages) {
                seeds.add(clear(opened.chain().payloads()));
            }
        }
        RandomPayloads payloads = new RandomPayloads(1);
        for (int i = 0; i < 60; i++) {
            seeds.add(clear(List.of(payloads.ofKind(i % RandomPayloads.KINDS))));
            seeds.add(clear(payloads.payloads(6)));
        }
    }

    private static byte[] clear(List<Payload> payloads) {
        return Message.emit(7, 9, ExchangeType.QUICK, 5, payloads).toArray();
    }

    /// One to four changes; half of the time the header is repaired after them, so that the parsers
    /// behind its checks are reached.
    private byte[] mutant() {
        byte[] octets = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && octets.length > 0; changes--) {
            octets = change(octets);
        }
        if (octets.length >= IkeHeader.LENGTH && random.nextInt(2) == 0) {
            octets[19] &= ~IkeHeader.FLAG_ENCRYPTION;
            octets[24] = 0;
            octets[25] = (byte) (octets.length >> 16);
            octets[26] = (byte) (octets.length >> 8);
            octets[27] = (byte) octets.length;
        }
        return octets;
    }

    private byte[] change(byte[] octets) {
        int at = random.nextInt(octets.length);
        switch (random.nextInt(7)) {
            case 0 -> octets[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> octets[at] = (byte) random.nextInt(256);
            case 2 -> octets[at] = (byte) (random.nextBoolean() ? 0xff : 0);
            case 3 -> octets[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 4 -> {
                return Arrays.copyOf(octets, at);
            }
            case 5 -> { // a piece of another message in the middle
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                int length = Math.min(random.nextInt(40), other.length - from);
                byte[] longer = Arrays.copyOf(octets, octets.length + length);
                System.arraycopy(octets, at, longer, at + length, octets.length - at);
                System.arraycopy(other, from, longer, at, length);
                return longer;
            }
            default -> { // a piece taken out
                int length = Math.min(1 + random.nextInt(12), octets.length - at);
                byte[] shorter = Arrays.copyOf(octets, octets.length - length);
                System.arraycopy(octets, at + length, shorter, at, octets.length - at - length);
                return shorter;
            }
        }
        return octets;
    }

    private void tryAll(byte[] mutant) {
        Octets octets = Octets.owned(mutant);
        try {
            Message message = Message.parse(octets);
            read++;
            List<Payload> payloads = message.chain().payloads();
            if (!PayloadChain.parse(
                            PayloadChain.firstType(payloads), PayloadChain.emit(payloads), 0)
                    .payloads()
                    .equals(payloads)) {
                throw new AssertionError("not read back: " + octets.hex());
            }
            MessageRules.check(KINDS[random.nextInt(KINDS.length)], payloads);
        } catch (MalformedException e) {
            refused++;
        }
        try {
            PayloadChain.parse(random.nextInt(256), octets, random.nextInt(octets.length() + 2));
        } catch (MalformedException e) {
            refused++;
        }
        try {
            Payload.parse(1 + random.nextInt(21), octets);
        } catch (MalformedException e) {
            refused++;
        }
    }

    private void run(int mutants) throws Exception {
        plant();
        for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutant();
            try {
                tryAll(mutant);
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
        run(300_000);
    }

    @Test
    @Tag("slow")
    void onlyMalformedExceptionEscapesTenTimesLonger() throws Exception {
        random.setSeed(2026);
        run(3_000_000);
    }

    /// A length of 65535 in a message of few octets costs no memory, and 100 payloads of the
    /// largest datagram no time.
    @Test
    void promisesOfMuchAreNotBelieved() {
        for (int type = 1; type < 256; type++) {
            for (String fill : List.of("ff", "00", "01", "7f", "80")) {
                for (int length : new int[] {0, 1, 2, 3, 4, 7, 8, 9, 12, 16, 31, 64}) {
                    Octets body = Octets.hex(fill.repeat(length));
                    try {
                        Payload.parse(type, body);
                        read++;
                    } catch (MalformedException e) {
                        refused++;
                    }
                }
            }
        }
        assertTrue(read > 0 && refused > 0);
    }
}
