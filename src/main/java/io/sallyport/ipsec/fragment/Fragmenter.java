package io.sallyport.ipsec.fragment;

import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.MemorySegment;

/// Cuts an IPv4 packet without DF before encryption (RFC 791, 3.2, "An Example Fragmentation
/// Procedure"), so that the far gateway forwards fragments and reassembles nothing. The first piece
/// keeps its slot; the others are appended to the batch, and to a spare one when that is full.
public final class Fragmenter {
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int COPIED = 0x80;

    private Fragmenter() {}

    /// Cuts packet `i`, which must be a whole IPv4 packet longer than `mtu` and without DF. False,
    /// and the packet as it was, if there is no room for the pieces.
    ///
    /// @param mtu octets of the largest piece
    public static boolean cut(PacketBatch batch, int i, int mtu, PacketBatch spare) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int header = Ipv4.headerLength(memory, at);
        int payload = Ipv4.totalLength(memory, at) - header;
        int each = mtu - header & ~7;
        if (each <= 0) {
            return false;
        }
        int later = (payload - 1) / each;
        int free = batch.capacity() - batch.count() + spare.capacity() - spare.count();
        if (later > free || mtu > batch.room() || mtu > spare.room()) {
            return false;
        }
        int offset = Ipv4.fragmentOffset(memory, at);
        boolean moreBehind = Ipv4.moreFragments(memory, at);
        for (int from = each; from < payload; from += each) {
            PacketBatch to = batch.isFull() ? spare : batch;
            int j = to.add();
            int piece = Math.min(each, payload - from);
            int copied = copyHeader(memory, at, header, to.memory(), to.start(j));
            to.place(j, to.start(j), copied + piece);
            MemorySegment.copy(
                    memory, at + header + from, to.memory(), to.start(j) + copied, piece);
            to.link(j, batch.link(i));
            boolean more = moreBehind || from + piece < payload;
            finish(to.memory(), to.start(j), copied + piece, more, offset + from);
        }
        batch.place(i, at, header + each);
        finish(memory, at, header + each, true, offset);
        return true;
    }

    private static void finish(
            MemorySegment memory, long at, int totalLength, boolean more, int offset) {
        Ipv4.totalLength(memory, at, totalLength);
        Ipv4.fragment(memory, at, false, more, offset);
        Ipv4.mendChecksum(memory, at);
    }

    /// Copies a header with those options that RFC 791, 3.1 wants in every fragment, and gives its
    /// length.
    private static int copyHeader(
            MemorySegment from, int at, int header, MemorySegment to, int toAt) {
        MemorySegment.copy(from, at, to, toAt, Ipv4.HEADER);
        int length = Ipv4.HEADER;
        int option = Ipv4.HEADER;
        while (option < header) {
            int type = from.get(U8, at + option) & 0xff;
            if (type == END_OF_OPTIONS) {
                break;
            }
            if (type == NO_OPERATION) {
                option++;
                continue;
            }
            int octets = option + 1 < header ? from.get(U8, at + option + 1) & 0xff : 0;
            if (octets < 2 || option + octets > header) {
                break; // a malformed option ends the list
            }
            if ((type & COPIED) != 0) {
                MemorySegment.copy(from, at + option, to, toAt + length, octets);
                length += octets;
            }
            option += octets;
        }
        while ((length & 3) != 0) {
            to.set(U8, toAt + length++, (byte) END_OF_OPTIONS);
        }
        to.set(U8, toAt, (byte) (0x40 | length >>> 2));
        return length;
    }
}
