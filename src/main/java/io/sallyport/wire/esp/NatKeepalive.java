package io.sallyport.wire.esp;

import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The NAT-keepalive packet (RFC 3948, 2.3): a UDP payload of the one octet 0xff, which holds a
/// NAT's mapping open and means nothing else.
public final class NatKeepalive {
    public static final int OCTETS = 1;
    public static final byte OCTET = (byte) 0xff;

    private NatKeepalive() {}

    public static boolean is(MemorySegment memory, long at, int length) {
        return length == OCTETS && memory.get(U8, at) == OCTET;
    }
}
