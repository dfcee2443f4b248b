package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.wire.ike.v2.number.AttributeType;
import io.sallyport.wire.ike.v2.number.CertificateEncoding;
import io.sallyport.wire.ike.v2.number.IdType;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Legal payloads of every kind, the same for the same seed.
final class RandomPayloads {
    static final int KINDS = 18;

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

    private <T> List<T> some(int min, int max, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int n = min + below(max - min + 1); n > 0; n--) {
            list.add(one.get());
        }
        return list;
    }

    private TransformAttribute attribute() {
        return below(2) == 0
                ? TransformAttribute.basic(below(3) == 0 ? below(0x8000) : 14, below(0x10000))
                : new TransformAttribute(below(0x8000), false, octets(0, 8));
    }

    private Transform transform() {
        return new Transform(
                below(3) == 0 ? below(256) : 1 + below(12),
                below(0x10000),
                some(0, 2, this::attribute));
    }

    private Proposal proposal() {
        int protocol = below(5) == 0 ? below(256) : below(4);
        int spi =
                switch (protocol) {
                    case ProtocolId.IKE -> 8 * below(2);
                    case ProtocolId.AH, ProtocolId.ESP -> 4;
                    default -> below(256);
                };
        return new Proposal(below(256), protocol, octets(spi, spi), some(0, 6, this::transform));
    }

    private Identification identification() {
        boolean initiator = below(2) == 0;
        int type = below(4) == 0 ? below(256) : below(14);
        return switch (type) {
            case IdType.IPV4_ADDR -> new Identification(initiator, type, octets(4, 4));
            case IdType.IPV6_ADDR -> new Identification(initiator, type, octets(16, 16));
            default -> new Identification(initiator, type, octets(0, 40));
        };
    }

    private Certificate certificate() {
        int encoding = below(4) == 0 ? below(256) : below(16);
        boolean url =
                encoding == CertificateEncoding.HASH_AND_URL_X509
                        || encoding == CertificateEncoding.HASH_AND_URL_BUNDLE;
        return new Certificate(encoding, octets(url ? 21 : 0, 80));
    }

    private Delete delete() {
        return switch (below(4)) {
            case 0 -> Delete.ofIkeSa();
            case 1 -> new Delete(4 + below(252), 0, List.of());
            case 2 -> {
                int size = 1 + below(20);
                yield new Delete(4 + below(252), size, some(0, 5, () -> octets(size, size)));
            }
            default -> Delete.ofChildSas(2 + below(2), some(0, 9, () -> octets(4, 4)));
        };
    }

    private Selector selector() {
        if (below(5) == 0) {
            int type;
            do {
                type = below(256);
            } while (type == Selector.IPV4_RANGE || type == Selector.IPV6_RANGE);
            return new Selector.Other(type, below(256), octets(0, 30));
        }
        int size = below(2) == 0 ? 4 : 16;
        IpAddress one = IpAddress.ofOctets(octets(size, size));
        IpAddress two = IpAddress.ofOctets(octets(size, size));
        IpRange range = one.compareTo(two) <= 0 ? new IpRange(one, two) : new IpRange(two, one);
        int port = below(0x10000);
        return below(6) == 0
                ? new Selector.Range(below(256), 0xffff, 0, range)
                : new Selector.Range(below(256), port, port + below(0x10000 - port), range);
    }

    private ConfigurationAttribute configurationAttribute() {
        int type = below(3) == 0 ? below(0x8000) : below(30);
        Octets value = octets(0, 24);
        while (!AttributeType.fits(type, value.length())) {
            value = octets(0, 24);
        }
        return new ConfigurationAttribute(type, value);
    }

    private Eap eap() {
        int code = below(6);
        Octets data = octets(code == Eap.REQUEST || code == Eap.RESPONSE ? 1 : 0, 40);
        byte[] header = {(byte) code, (byte) below(256), 0, (byte) (4 + data.length())};
        return new Eap(Octets.concat(Octets.owned(header), data));
    }

    private Payload.Unknown unknown() {
        int type;
        do {
            type = PayloadType.FIRST + below(256 - PayloadType.FIRST);
        } while (PayloadType.understood(type));
        return new Payload.Unknown(type, below(2) == 0, octets(0, 30));
    }

    private Notify notification() {
        NotifyType[] known = NotifyType.values();
        return new Notify(
                below(256),
                octets(0, below(4) == 0 ? 255 : 8),
                below(2) == 0 ? below(0x10000) : known[below(known.length)].number(),
                octets(0, 40));
    }

    private EncryptedFragment fragment() {
        int total = 1 + below(0xffff);
        int number = below(3) == 0 ? 1 : 1 + below(total);
        return new EncryptedFragment(
                number == 1 ? below(256) : PayloadType.NONE, number, total, octets(0, 99));
    }

    /// A payload that may stand anywhere in a chain for kinds below 16; sealed ones above.
    Payload ofKind(int kind) {
        return switch (kind) {
            case 0 -> new SaPayload(some(1, 4, this::proposal));
            case 1 -> new KeyExchange(below(0x10000), octets(1, 256));
            case 2 -> identification();
            case 3 -> certificate();
            case 4 -> new CertificateRequest(below(256), octets(0, 60));
            case 5 -> new Authentication(below(256), octets(0, 256));
            case 6 -> new Nonce(octets(16, 256));
            case 7 -> notification();
            case 8 -> delete();
            case 9 -> new VendorId(octets(0, 40));
            case 10 -> new TrafficSelectors(true, some(0, 5, this::selector));
            case 11 -> new TrafficSelectors(false, some(0, 5, this::selector));
            case 12 -> new Configuration(below(256), some(0, 6, this::configurationAttribute));
            case 13 -> eap();
            case 14, 15 -> unknown();
            case 16 -> new Encrypted(below(256), octets(0, 200));
            default -> fragment();
        };
    }

    /// 0 to `max` payloads of any kind, and maybe a sealed one behind them.
    List<Payload> payloads(int max) {
        List<Payload> payloads = some(0, max, () -> ofKind(below(16)));
        if (below(3) == 0) {
            payloads.add(ofKind(16 + below(2)));
        }
        return payloads;
    }
}
