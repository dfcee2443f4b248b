package io.sallyport.control.vici;

import io.sallyport.base.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// What travels between client and daemon, one to a frame. The first octet tells the kind.
public sealed interface ViciPacket {
    /// A client asks.
    record Request(String command, ViciMessage message) implements ViciPacket {}

    /// The daemon answers the request before.
    record Response(ViciMessage message) implements ViciPacket {}

    /// The daemon has no such command.
    record UnknownCommand() implements ViciPacket {}

    /// A client wants events of this name.
    record Register(String event) implements ViciPacket {}

    /// A client wants no more of them.
    record Unregister(String event) implements ViciPacket {}

    /// The daemon has registered, or unregistered.
    record Confirmed() implements ViciPacket {}

    /// The daemon has no such event, or it was not registered.
    record UnknownEvent() implements ViciPacket {}

    /// Something happened.
    record Event(String event, ViciMessage message) implements ViciPacket {}

    static ViciPacket parse(Octets octets) throws ViciException {
        ByteBuffer in = octets.buffer();
        if (!in.hasRemaining()) {
            throw new ViciException("empty packet", 0);
        }
        int type = in.get();
        return switch (type) {
            case 0 -> new Request(ViciCodec.name(in), ViciCodec.parse(in));
            case 1 -> new Response(ViciCodec.parse(in));
            case 2 -> last(in, new UnknownCommand());
            case 3 -> last(in, new Register(ViciCodec.name(in)));
            case 4 -> last(in, new Unregister(ViciCodec.name(in)));
            case 5 -> last(in, new Confirmed());
            case 6 -> last(in, new UnknownEvent());
            case 7 -> new Event(ViciCodec.name(in), ViciCodec.parse(in));
            default -> throw new ViciException("packet of unknown type " + type, 0);
        };
    }

    private static ViciPacket last(ByteBuffer in, ViciPacket packet) throws ViciException {
        if (in.hasRemaining()) {
            throw new ViciException(in.remaining() + " octets too many", in.position());
        }
        return packet;
    }

    default Octets emit() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (this) {
            case Request(String command, ViciMessage message) -> {
                out.write(0);
                ViciCodec.emitName(command, out);
                ViciCodec.emit(message, out);
            }
            case Response(ViciMessage message) -> {
                out.write(1);
                ViciCodec.emit(message, out);
            }
            case UnknownCommand _ -> out.write(2);
            case Register(String event) -> {
                out.write(3);
                ViciCodec.emitName(event, out);
            }
            case Unregister(String event) -> {
                out.write(4);
                ViciCodec.emitName(event, out);
            }
            case Confirmed _ -> out.write(5);
            case UnknownEvent _ -> out.write(6);
            case Event(String event, ViciMessage message) -> {
                out.write(7);
                ViciCodec.emitName(event, out);
                ViciCodec.emit(message, out);
            }
        }
        return Octets.owned(out.toByteArray());
    }
}
