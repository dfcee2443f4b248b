package io.sallyport.drivers.tun;

import io.sallyport.base.packet.Checksum;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.MemorySegment;

/// The checksum of TCP and UDP with its pseudo header (RFC 9293, 3.1; RFC 8200, 8.1).
final class UpperChecksum {
    private UpperChecksum() {}

    /// Unfolded sum of the pseudo header of the IP packet at `at`.
    ///
    /// @param length octets of the upper layer, its header included
    static long pseudoHeader(MemorySegment memory, long at, int protocol, int length) {
        long addresses =
                Ipv4.version(memory, at) == 4
                        ? Checksum.sum(memory, at + 12, 8)
                        : Checksum.sum(memory, at + 8, 32);
        return addresses + protocol + length;
    }

    /// Whether the upper layer at `upper`, checksum in place, is as it was sent.
    static boolean correct(MemorySegment memory, long at, long upper, int protocol, int length) {
        return Checksum.fold(
                        pseudoHeader(memory, at, protocol, length)
                                + Checksum.sum(memory, upper, length))
                == 0xffff;
    }
}
