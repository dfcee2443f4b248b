package io.sallyport.control.vici;

import io.sallyport.base.Octets;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// Packets over a stream: each after its length in four octets. One thread reads, one writes.
public final class ViciChannel implements AutoCloseable {
    /// charon's own: a frame of more ends the connection.
    public static final int FRAME_LIMIT = 512 * 1024;

    private static final int LENGTH_OCTETS = 4;

    private final SocketChannel channel;

    public ViciChannel(SocketChannel channel) {
        this.channel = channel;
    }

    /// Waits for the next packet; empty at the end of the stream.
    ///
    /// @throws ViciException if no more can be read: what came is no packet
    public Optional<ViciPacket> read() throws IOException, ViciException {
        ByteBuffer length = ByteBuffer.allocate(LENGTH_OCTETS);
        if (channel.read(length) < 0) {
            return Optional.empty();
        }
        fill(length);
        long octets = Integer.toUnsignedLong(length.flip().getInt());
        if (octets > FRAME_LIMIT) {
            throw new ViciException("packet of " + octets + " octets", 0);
        }
        ByteBuffer packet = ByteBuffer.allocate((int) octets);
        fill(packet);
        return Optional.of(ViciPacket.parse(Octets.owned(packet.array())));
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the stream ends within a packet");
            }
        }
    }

    public void write(ViciPacket packet) throws IOException {
        Octets octets = packet.emit();
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_OCTETS + octets.length());
        frame.putInt(octets.length());
        octets.emit(frame);
        frame.flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
