package io.sallyport.wire.ike.v2.notify;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayList;
import java.util.List;

/// Notifies whose data is one value: made here, and read here. Each reader takes the notify of its
/// own number; what another number says is the caller's mistake.
public final class Notices {
    private static final int SHA1 = 20;

    private Notices() {}

    private static Reader data(Notify notify, NotifyType... types) {
        for (NotifyType type : types) {
            if (notify.is(type)) {
                return new Reader(notify.data());
            }
        }
        throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
    }

    private static Octets between(Reader in, int min, int max, String what)
            throws MalformedException {
        if (in.remaining() < min || in.remaining() > max) {
            throw in.malformed(what + " of " + in.remaining() + " octets");
        }
        return in.rest();
    }

    private static void end(Reader in, String what) throws MalformedException {
        if (!in.atEnd()) {
            throw in.malformed(in.remaining() + " octets behind " + what);
        }
    }

    /// @param hash SHA-1 over SPIs, address and port (RFC 7296, 2.23)
    /// @param source of the packet, else its destination
    public static Notify natDetection(boolean source, Octets hash) {
        return Notify.of(
                source
                        ? NotifyType.NAT_DETECTION_SOURCE_IP
                        : NotifyType.NAT_DETECTION_DESTINATION_IP,
                hash);
    }

    /// The 20 octets of a NAT_DETECTION_SOURCE_IP or NAT_DETECTION_DESTINATION_IP.
    public static Octets natHash(Notify notify) throws MalformedException {
        Reader in =
                data(
                        notify,
                        NotifyType.NAT_DETECTION_SOURCE_IP,
                        NotifyType.NAT_DETECTION_DESTINATION_IP);
        return between(in, SHA1, SHA1, "NAT detection hash");
    }

    public static Notify cookie(Octets cookie) {
        return Notify.of(NotifyType.COOKIE, cookie);
    }

    /// RFC 7296, 2.6: the data "MUST be between 1 and 64 octets in length (inclusive)".
    public static Octets cookie(Notify notify) throws MalformedException {
        return between(data(notify, NotifyType.COOKIE), 1, 64, "cookie");
    }

    public static Notify cookie2(Octets cookie) {
        return Notify.of(NotifyType.COOKIE2, cookie);
    }

    /// RFC 4555, 4.2.5: 8 to 64 octets that the responder gives back.
    public static Octets cookie2(Notify notify) throws MalformedException {
        return between(data(notify, NotifyType.COOKIE2), 8, 64, "cookie");
    }

    /// @param method the key exchange we would take, of the peer's offer
    public static Notify invalidKe(int method) {
        return Notify.of(NotifyType.INVALID_KE_PAYLOAD, new Writer(2).u16(method).toOctets());
    }

    /// The method that the peer would take (RFC 7296, 1.3).
    public static int wantedMethod(Notify notify) throws MalformedException {
        Reader in = data(notify, NotifyType.INVALID_KE_PAYLOAD);
        int method = in.u16("key exchange method");
        end(in, "a key exchange method");
        return method;
    }

    /// @param payloadType of the payload that we must not skip and do not know
    public static Notify unsupportedCritical(int payloadType) {
        return Notify.of(
                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new Writer(1).u8(payloadType).toOctets());
    }

    /// The type of our payload that the peer does not know (RFC 7296, 2.5).
    public static int unsupportedCritical(Notify notify) throws MalformedException {
        Reader in = data(notify, NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD);
        int payloadType = in.u8("payload type");
        end(in, "a payload type");
        return payloadType;
    }

    /// @param protocolId [ProtocolId#ESP] or [ProtocolId#AH]
    /// @param spi what the exchange's initiator receives with in the SA to be replaced (RFC 7296,
    ///   1.3.3)
    public static Notify rekeySa(int protocolId, int spi) {
        return aboutChild(NotifyType.REKEY_SA, protocolId, spi);
    }

    /// @param spi the one in the request that found nothing
    public static Notify childSaNotFound(int protocolId, int spi) {
        return aboutChild(NotifyType.CHILD_SA_NOT_FOUND, protocolId, spi);
    }

    private static Notify aboutChild(NotifyType type, int protocolId, int spi) {
        return new Notify(protocolId, Octets.ofInt(spi), type.number(), Octets.EMPTY);
    }

    /// The SPI of a child SA that a REKEY_SA or CHILD_SA_NOT_FOUND is about.
    public static int childSpi(Notify notify) throws MalformedException {
        data(notify, NotifyType.REKEY_SA, NotifyType.CHILD_SA_NOT_FOUND);
        boolean child =
                notify.protocolId() == ProtocolId.ESP || notify.protocolId() == ProtocolId.AH;
        if (!child || notify.spi().length() != 4) {
            throw new MalformedException(
                    NotifyType.name(notify.notifyType())
                            + " with an SPI of "
                            + notify.spi().length()
                            + " octets for protocol "
                            + notify.protocolId(),
                    0);
        }
        return notify.spi().buffer().getInt();
    }

    public static Notify hashAlgorithms(List<HashAlgorithm> algorithms) {
        Writer out = new Writer(2 * algorithms.size());
        algorithms.forEach(algorithm -> out.u16(algorithm.number()));
        return Notify.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, out.toOctets());
    }

    /// Those that we know, in the peer's order (RFC 7427, 4).
    public static List<HashAlgorithm> hashAlgorithms(Notify notify) throws MalformedException {
        Reader in = data(notify, NotifyType.SIGNATURE_HASH_ALGORITHMS);
        List<HashAlgorithm> algorithms = new ArrayList<>();
        while (!in.atEnd()) {
            HashAlgorithm.byNumber(in.u16("hash algorithm")).ifPresent(algorithms::add);
        }
        return algorithms;
    }

    /// ADDITIONAL_IP4_ADDRESS or ADDITIONAL_IP6_ADDRESS (RFC 4555, 4.2.2).
    public static Notify additionalAddress(IpAddress address) {
        return Notify.of(
                address.v6()
                        ? NotifyType.ADDITIONAL_IP6_ADDRESS
                        : NotifyType.ADDITIONAL_IP4_ADDRESS,
                address.octets());
    }

    public static IpAddress additionalAddress(Notify notify) throws MalformedException {
        Reader in =
                data(notify, NotifyType.ADDITIONAL_IP4_ADDRESS, NotifyType.ADDITIONAL_IP6_ADDRESS);
        int size = notify.is(NotifyType.ADDITIONAL_IP6_ADDRESS) ? 16 : 4;
        return IpAddress.ofOctets(between(in, size, size, "address"));
    }

    /// @param seconds until the peer must authenticate again, 0..2^32-1 (RFC 4478, 3)
    public static Notify authLifetime(long seconds) {
        return Notify.of(NotifyType.AUTH_LIFETIME, u32(seconds));
    }

    /// In seconds.
    public static long authLifetime(Notify notify) throws MalformedException {
        return onlyU32(data(notify, NotifyType.AUTH_LIFETIME), "lifetime");
    }

    /// @param requests how many we can handle at once, 1..2^32-1 (RFC 7296, 2.3)
    public static Notify windowSize(long requests) {
        return Notify.of(NotifyType.SET_WINDOW_SIZE, u32(requests));
    }

    public static long windowSize(Notify notify) throws MalformedException {
        Reader in = data(notify, NotifyType.SET_WINDOW_SIZE);
        long requests = onlyU32(in, "window size");
        if (requests == 0) {
            throw in.malformed("window of no request");
        }
        return requests;
    }

    private static Octets u32(long value) {
        if (value < 0 || value >>> 32 != 0) {
            throw new IllegalArgumentException(value + " does not fit 32 bits");
        }
        return Octets.ofInt((int) value);
    }

    private static long onlyU32(Reader in, String what) throws MalformedException {
        long value = in.u32(what);
        end(in, "a " + what);
        return value;
    }

    /// What a peer that forgot us can show us (RFC 6290, 4.1).
    public static Notify crashToken(Octets token) {
        return Notify.of(NotifyType.QUICK_CRASH_DETECTION, token);
    }

    /// 16 to 128 octets.
    public static Octets crashToken(Notify notify) throws MalformedException {
        return between(data(notify, NotifyType.QUICK_CRASH_DETECTION), 16, 128, "token");
    }

    /// What links one IKE_FOLLOWUP_KE with the next (RFC 9370, 2.2.4).
    public static Notify additionalKeyExchange(Octets link) {
        return Notify.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link);
    }

    /// At least one octet, which the initiator gives back as it is.
    public static Octets additionalKeyExchange(Notify notify) throws MalformedException {
        Reader in = data(notify, NotifyType.ADDITIONAL_KEY_EXCHANGE);
        return between(in, 1, in.remaining(), "link");
    }
}
