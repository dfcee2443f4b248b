package io.sallyport.wire.esp;

import static io.sallyport.base.packet.PacketBatch.BE32;

import java.lang.foreign.MemorySegment;

/// What tells IKE from ESP on UDP port 4500 (RFC 3948, 2.2): four zero octets where ESP has its
/// SPI, which is never zero.
///
/// ```text
///  +---------------------------------------------------------------+
///  |                    Non-ESP Marker: 0 (32)                     |
///  +---------------------------------------------------------------+
///  |                        IKE header ...                         |
/// ```
public final class NonEspMarker {
    public static final int OCTETS = 4;

    private NonEspMarker() {}

    /// Whether the UDP payload at `at`, of at least four octets, is an IKE message.
    public static boolean isMarker(MemorySegment memory, long at) {
        return memory.get(BE32, at) == 0;
    }

    public static void write(MemorySegment memory, long at) {
        memory.set(BE32, at, 0);
    }
}
