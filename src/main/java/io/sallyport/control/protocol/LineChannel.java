package io.sallyport.control.protocol;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Lines of UTF-8 over a stream socket. One thread reads, one writes.
public final class LineChannel implements AutoCloseable {
    /// The longest request in octets.
    public static final int REQUEST_LIMIT = 64 * 1024;

    /// The longest reply in octets: the status of some ten thousand tunnels.
    public static final int REPLY_LIMIT = 64 * 1024 * 1024;

    private final ByteChannel channel;
    private final int limit;
    private final ByteBuffer in = ByteBuffer.allocate(8192).flip();

    /// @param limit octets that a line read may have
    public LineChannel(ByteChannel channel, int limit) {
        this.channel = channel;
        this.limit = limit;
    }

    /// The next line without its end, blocking; empty at the end of the stream.
    ///
    /// @throws BadMessageException if it is too long (the stream is then good for nothing more: the
    ///   caller closes it) or no UTF-8 (the next line may be good)
    public Optional<String> read() throws IOException, BadMessageException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        while (true) {
            if (!in.hasRemaining()) {
                in.clear();
                int got = channel.read(in);
                in.flip();
                if (got < 0) {
                    if (line.size() > 0) {
                        throw new EOFException("the stream ends inside a line");
                    }
                    return Optional.empty();
                }
            }
            while (in.hasRemaining()) {
                byte octet = in.get();
                if (octet == '\n') {
                    return Optional.of(decode(line));
                }
                if (line.size() == limit) {
                    throw new BadMessageException(
                            "the message is longer than " + limit + " octets", true);
                }
                line.write(octet);
            }
        }
    }

    private static String decode(ByteArrayOutputStream line) throws BadMessageException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new BadMessageException("the message is no UTF-8");
        }
    }

    /// Writes `line`, which holds no line end, and its end.
    public void write(String line) throws IOException {
        ByteBuffer out = StandardCharsets.UTF_8.encode(line + "\n");
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /// Ends both directions; a blocked reader wakes with an exception.
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
