package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Legal payloads of every kind, from a seed.
final class RandomPayloads {
    /// How many kinds [#ofKind] knows.
    static final int KINDS = 16;

    private static final List<Integer> ID_LENGTHS =
            List.of(-1, 4, -1, -1, 8, 16, 32, 8, 32, -1, -1, -1);

    private final Random random;

    RandomPayloads(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    Octets octets(int min, int max) {
        byte[] octets = new byte[min + below(max - min + 1)];
        random.nextBytes(octets);
        return Octets.owned(octets);
    }

    private <T> List<T> some(int max, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int n = below(max + 1); n > 0; n--) {
            list.add(one.get());
        }
        return list;
    }

    Attribute attribute() {
        int type = below(4) == 0 ? below(0x8000) : below(17);
        return switch (below(3)) {
            case 0 -> Attribute.basic(type, below(0x10000));
            case 1 -> Attribute.number(type, random.nextInt() & 0xffffffffL);
            default -> Attribute.variable(type, octets(0, 12));
        };
    }

    private Transform transform() {
        return new Transform(below(256), below(256), some(7, this::attribute));
    }

    private Proposal proposal() {
        return new Proposal(below(256), below(256), octets(0, 16), some(5, this::transform));
    }

    private Identification identification() {
        int type = below(4) == 0 ? below(256) : below(12);
        int length = type < ID_LENGTHS.size() ? ID_LENGTHS.get(type) : -1;
        return new Identification(
                type,
                below(256),
                below(0x10000),
                length < 0 ? octets(0, 40) : octets(length, length));
    }

    private Delete delete() {
        int size = below(20);
        return new Delete(
                random.nextInt(),
                below(256),
                size,
                size == 0 ? List.of() : some(6, () -> octets(size, size)));
    }

    private NatOriginalAddress natOriginalAddress() {
        return below(2) == 0
                ? new NatOriginalAddress(Identification.IPV4_ADDR, octets(4, 4))
                : new NatOriginalAddress(Identification.IPV6_ADDR, octets(16, 16));
    }

    private Payload.Unknown unknown() {
        int type;
        do {
            type = 1 + below(255);
        } while (type == 1 || type >= 4 && type <= 14 || type == 20 || type == 21 || type == 132);
        return new Payload.Unknown(type, octets(0, 30));
    }

    Payload ofKind(int kind) {
        return switch (kind) {
            case 0 -> new SaPayload(some(4, this::proposal));
            case 1 -> new KeyExchange(octets(1, 256));
            case 2 -> identification();
            case 3 -> new Certificate(below(256), octets(0, 60));
            case 4 -> new CertificateRequest(below(256), octets(0, 60));
            case 5 -> new Hash(octets(1, 64));
            case 6 -> new Signature(octets(1, 256));
            case 7 -> new Nonce(octets(8, 256));
            case 8 ->
                    new Notification(
                            random.nextInt(),
                            below(256),
                            octets(0, 255),
                            below(0x10000),
                            octets(0, 20));
            case 9 -> delete();
            case 10 -> new VendorId(octets(0, 40));
            case 11 -> new Attributes(below(256), below(0x10000), some(6, this::attribute));
            case 12 -> new NatDetection(octets(1, 64));
            case 13 -> natOriginalAddress();
            case 14 -> new Fragment(below(0x10000), 1 + below(255), below(2) == 1, octets(1, 100));
            default -> unknown();
        };
    }

    /// 0 to `max` payloads of any kind.
    List<Payload> payloads(int max) {
        return some(max, () -> ofKind(below(KINDS)));
    }
}
