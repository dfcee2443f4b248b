package io.sallyport.wire.esp;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// IKE and ESP messages in the octets of one TCP connection (RFC 9329, 3 and 4). The end that
/// opened it sends a prefix first, once:
///
/// ```text
///  "IKETCP" | Length (16) | Non-ESP Marker: 0 (32) | IKE header ... | Length (16) | ESP header ...
/// ```
///
/// The length counts itself. Octets are cut into messages where they were received, in memory that
/// many connections share; only what is not a whole message yet is kept here:
///
/// ```text
///  int kept = frames.begin(memory);      what was left of the last time
///  frames.take(kept + read(memory, kept));
///  while (frames.next()) { use(frames.start(), frames.length()); }
///  frames.keep();
/// ```
public final class StreamFrames {
    /// Of the length before each message.
    public static final int LENGTH = 2;

    /// The longest message: the length has 16 bits and counts itself.
    public static final int MOST = 0xffff - LENGTH;

    /// RFC 9329, 4: what a stream begins with, "containing the characters "IKETCP" as ASCII
    /// values".
    private static final byte[] PREFIX = "IKETCP".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NOTHING = {};

    private boolean prefixDue;
    private boolean wrong;
    private byte[] rest = NOTHING;
    private int kept;
    private MemorySegment memory = MemorySegment.NULL;
    private int at;
    private int end;
    private int start;
    private int length;

    /// @param prefix whether one is to come: the other end opened the connection
    public StreamFrames(boolean prefix) {
        this.prefixDue = prefix;
    }

    /// A copy of the prefix.
    public static byte[] prefix() {
        return PREFIX.clone();
    }

    /// Puts the length before a message of so many octets at `at`, where there is room for it.
    public static void write(MemorySegment memory, long at, int octets) {
        memory.set(BE16, at - LENGTH, (short) (octets + LENGTH));
    }

    /// Puts what is left of the last time at the beginning of `where`.
    ///
    /// @return so many octets
    public int begin(MemorySegment where) {
        memory = where;
        at = 0;
        end = kept;
        MemorySegment.copy(rest, 0, where, U8, 0, kept);
        return kept;
    }

    /// The first `octets` of the memory are there now.
    public void take(int octets) {
        end = octets;
    }

    /// Whether there is another whole message: that at [#start], of [#length] octets, one at least.
    public boolean next() {
        // RFC 9329, 6.1: "The TCP Responder MUST wait for the entire stream prefix to be received
        // on the stream before trying to parse out any IKE or ESP messages."
        if (wrong || prefixDue && !takePrefix()) {
            return false;
        }
        while (end - at >= LENGTH) {
            int framed = memory.get(BE16, at) & 0xffff;
            if (framed < LENGTH) {
                // RFC 9329, 3.1: "The value in the Length field MUST NOT be 0 or 1. The receiver
                // MUST treat these values as fatal errors and MUST close the TCP connection."
                wrong = true;
                return false;
            }
            if (end - at < framed) {
                return false;
            }
            start = at + LENGTH;
            length = framed - LENGTH;
            at += framed;
            // RFC 9329, 3: "Empty messages (where the Length field equals 2) MUST be silently
            // ignored by receiver."
            if (length > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean takePrefix() {
        int there = Math.min(PREFIX.length, end - at);
        for (int i = 0; i < there; i++) {
            if (memory.get(U8, at + i) != PREFIX[i]) {
                wrong = true;
                return false;
            }
        }
        if (there < PREFIX.length) {
            return false;
        }
        at += PREFIX.length;
        prefixDue = false;
        return true;
    }

    /// Takes what is no whole message yet out of the memory, which is others' until [#begin].
    public void keep() {
        kept = wrong ? 0 : end - at;
        if (kept > rest.length) {
            rest = new byte[Math.max(kept, Math.min(2 * rest.length, MOST + LENGTH))];
        }
        MemorySegment.copy(memory, U8, at, rest, 0, kept);
        memory = MemorySegment.NULL;
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }

    /// Whether the prefix, or a length, was none: nothing that follows can be made out.
    public boolean isWrong() {
        return wrong;
    }

    /// Whether the prefix has not come yet.
    public boolean isPrefixDue() {
        return prefixDue;
    }
}
