package io.sallyport.control.vici;

import io.sallyport.base.Octets;

/// Packets on the vici socket, and that what is read can be said again.
public final class ViciFuzz {
    private ViciFuzz() {}

    /// @throws ViciException what was read and emitted is not read again: an escape
    public static void feed(byte[] input) throws ViciException {
        ViciPacket packet;
        try {
            packet = ViciPacket.parse(Octets.of(input));
        } catch (ViciException _) {
            return;
        }
        Octets again = packet.emit();
        if (!ViciPacket.parse(again).emit().equals(again)) {
            throw new AssertionError("read, emitted and read again it is another packet");
        }
    }
}
