package io.sallyport.wire.ike;

import io.sallyport.base.Octets;
import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The fixed header of both IKE versions (RFC 2408, 3.1; RFC 7296, 3.1).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |            initiator SPI (v1: initiator cookie)               |
/// |                                                               |
/// +---------------------------------------------------------------+
/// |            responder SPI (v1: responder cookie)               |
/// |                                                               |
/// +---------------+-------+-------+---------------+---------------+
/// | next payload  | major | minor | exchange type |     flags     |
/// +---------------+-------+-------+---------------+---------------+
/// |                          message ID                           |
/// +---------------------------------------------------------------+
/// |               length, header and payloads, octets             |
/// +---------------------------------------------------------------+
/// ```
///
/// @param initiatorSpi all 64 bits
/// @param responderSpi all 64 bits; 0 in the first message
/// @param nextPayload type of the first payload, 0..255
/// @param majorVersion 0..15
/// @param minorVersion 0..15
/// @param exchangeType 0..255
/// @param flags 0..255
/// @param messageId all 32 bits
/// @param length octets of the whole message, this header included; 28..2^32-1
public record IkeHeader(
        long initiatorSpi,
        long responderSpi,
        int nextPayload,
        int majorVersion,
        int minorVersion,
        int exchangeType,
        int flags,
        int messageId,
        long length) {
    /// Octets of the header itself.
    public static final int LENGTH = 28;

    private static final int RESPONDER_AT = 8;
    private static final int VERSION_AT = 17;
    private static final int EXCHANGE_AT = 18;
    private static final int FLAGS_AT = 19;
    private static final int LENGTH_AT = 24;

    /// RFC 2408, 3.1.
    private static final int V1_INFORMATIONAL = 5;

    /// IKEv1: "If set (1), all payloads following the header are encrypted" (RFC 2408, 3.1).
    public static final int FLAG_ENCRYPTION = 1;

    /// IKEv1: wait for a notify CONNECTED before using the SA (RFC 2408, 3.1).
    public static final int FLAG_COMMIT = 2;

    /// IKEv1: authenticated but not encrypted (RFC 2408, 3.1).
    public static final int FLAG_AUTHENTICATION = 4;

    /// IKEv2: set by the original initiator of the IKE SA, in requests and responses (RFC 7296,
    /// 3.1).
    public static final int FLAG_INITIATOR = 0x08;

    /// IKEv2: the sender can speak a higher major version (RFC 7296, 3.1).
    public static final int FLAG_VERSION = 0x10;

    /// IKEv2: this message answers the one with the same message ID (RFC 7296, 3.1).
    public static final int FLAG_RESPONSE = 0x20;

    public IkeHeader {
        if (nextPayload >>> 8 != 0
                || majorVersion >>> 4 != 0
                || minorVersion >>> 4 != 0
                || exchangeType >>> 8 != 0
                || flags >>> 8 != 0
                || length < LENGTH
                || length >>> 32 != 0) {
            throw new IllegalArgumentException("a field of the IKE header is out of range");
        }
    }

    /// The header of the whole datagram `message` (without the non-ESP marker). The version is not
    /// judged: that takes an answer, not a complaint.
    ///
    /// @throws MalformedException if there is no whole header, or its length field is not the
    ///   number of octets there are
    public static IkeHeader parse(Octets message) throws MalformedException {
        Reader in = new Reader(message);
        long initiatorSpi = in.u64("initiator SPI");
        long responderSpi = in.u64("responder SPI");
        int nextPayload = in.u8("next payload");
        int version = in.u8("version");
        int exchangeType = in.u8("exchange type");
        int flags = in.u8("flags");
        int messageId = (int) in.u32("message ID");
        long length = in.u32("length");
        // RFC 2408, 5.1: "If the ISAKMP message length and the value in the Payload Length field of
        // the ISAKMP Header are not the same, then the ISAKMP message MUST be rejected."
        if (length != message.length()) {
            throw new MalformedException(
                    "length field says " + length + " of " + message.length() + " octets",
                    LENGTH_AT);
        }
        return new IkeHeader(
                initiatorSpi,
                responderSpi,
                nextPayload,
                version >> 4,
                version & 0xf,
                exchangeType,
                flags,
                messageId,
                length);
    }

    /// Whether the `octets` octets at `at` are a whole message by their length field: what [#parse]
    /// does not refuse.
    public static boolean fits(MemorySegment memory, long at, int octets) {
        return octets >= LENGTH
                && (memory.get(PacketBatch.BE32, at + LENGTH_AT) & 0xffffffffL) == octets;
    }

    /// The initiator SPI of a message that [#fits].
    public static long initiatorSpi(MemorySegment memory, long at) {
        return memory.get(PacketBatch.BE64, at);
    }

    /// The responder SPI of a message that [#fits].
    public static long responderSpi(MemorySegment memory, long at) {
        return memory.get(PacketBatch.BE64, at + RESPONDER_AT);
    }

    /// Whether a message that [#fits] asks for an IKE SA: its sender knows no SPI of ours. A
    /// refusal of what we asked for may name no responder SPI either (RFC 7296, 2.6), but says what
    /// it is.
    public static boolean isFirst(MemorySegment memory, long at) {
        if (responderSpi(memory, at) != 0) {
            return false;
        }
        return memory.get(ValueLayout.JAVA_BYTE, at + VERSION_AT) >>> 4 == 1
                ? memory.get(ValueLayout.JAVA_BYTE, at + EXCHANGE_AT) != V1_INFORMATIONAL
                : (memory.get(ValueLayout.JAVA_BYTE, at + FLAGS_AT) & FLAG_RESPONSE) == 0;
    }

    /// IKEv1 only.
    public boolean encrypted() {
        return (flags & FLAG_ENCRYPTION) != 0;
    }

    /// IKEv2 only: whether the original initiator of the IKE SA sent it.
    public boolean fromInitiator() {
        return (flags & FLAG_INITIATOR) != 0;
    }

    /// IKEv2 only: whether it answers a request.
    public boolean response() {
        return (flags & FLAG_RESPONSE) != 0;
    }

    /// The 28 octets of this header.
    public Octets emit() {
        return new Writer(LENGTH)
                .u64(initiatorSpi)
                .u64(responderSpi)
                .u8(nextPayload)
                .u8(majorVersion << 4 | minorVersion)
                .u8(exchangeType)
                .u8(flags)
                .u32(messageId)
                .u32((int) length)
                .toOctets();
    }
}
