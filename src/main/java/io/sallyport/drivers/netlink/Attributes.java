package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The attributes of a message or of a nesting attribute, by type; the last of a type wins. What
/// does not fit ends the reading: the kernel's octets are trusted, but not with our memory.
public final class Attributes {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    private final Map<Integer, Octets> byType = new TreeMap<>();

    private Attributes() {}

    public static Attributes parse(Octets octets) {
        ByteBuffer in = octets.buffer().order(ByteOrder.nativeOrder());
        Attributes attributes = new Attributes();
        while (in.remaining() >= HEADER) {
            int length = in.getShort() & 0xffff;
            int type = in.getShort() & TYPE_MASK;
            if (length < HEADER || length - HEADER > in.remaining()) {
                break;
            }
            attributes.byType.put(type, Octets.take(in, length - HEADER));
            in.position(Math.min(in.limit(), in.position() + (-length & 3)));
        }
        return attributes;
    }

    public Optional<Octets> octets(int type) {
        return Optional.ofNullable(byType.get(type));
    }

    /// A 32-bit number of the host's order.
    public OptionalInt number(int type) {
        Octets value = byType.get(type);
        return value == null || value.length() < 4
                ? OptionalInt.empty()
                : OptionalInt.of(value.buffer().order(ByteOrder.nativeOrder()).getInt());
    }

    public OptionalInt octet(int type) {
        Octets value = byType.get(type);
        return value == null || value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(value.at(0));
    }

    public Optional<IpAddress> address(int type) {
        return octets(type)
                .filter(o -> o.length() == 4 || o.length() == 16)
                .map(IpAddress::ofOctets);
    }

    /// Text up to its first NUL; empty if there is none of this type.
    public String text(int type) {
        Octets value = byType.get(type);
        if (value == null) {
            return "";
        }
        String text = new String(value.toArray(), StandardCharsets.UTF_8);
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }

    /// The attributes within the attribute of this type; none if it is not there.
    public Attributes nested(int type) {
        Octets value = byType.get(type);
        return parse(value == null ? Octets.EMPTY : value);
    }

    public int count() {
        return byType.size();
    }
}
