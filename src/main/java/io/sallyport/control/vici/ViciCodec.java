package io.sallyport.control.vici;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciMessage.Element;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The octets of a [ViciMessage].
///
/// ```text
/// section  | 1 | length (1) | name |  ...  | 2 |
/// value    | 3 | length (1) | name | length (2) | data |
/// list     | 4 | length (1) | name |  | 5 | length (2) | data | ...  | 6 |
/// ```
///
/// A list holds items and nothing else; an item stands in a list only.
final class ViciCodec {
    private static final int SECTION_START = 1;
    private static final int SECTION_END = 2;
    private static final int KEY_VALUE = 3;
    private static final int LIST_START = 4;
    private static final int LIST_ITEM = 5;
    private static final int LIST_END = 6;

    /// Sections within sections; what swanctl sends has three.
    static final int DEPTH_LIMIT = 16;

    private ViciCodec() {}

    /// Takes all that remains in `in`.
    static ViciMessage parse(ByteBuffer in) throws ViciException {
        return section(in, 0);
    }

    private static ViciMessage section(ByteBuffer in, int depth) throws ViciException {
        List<Element> elements = new ArrayList<>();
        while (in.hasRemaining()) {
            int at = in.position();
            int type = in.get();
            switch (type) {
                case SECTION_START -> {
                    if (depth == DEPTH_LIMIT) {
                        throw new ViciException("more than " + DEPTH_LIMIT + " sections deep", at);
                    }
                    String name = name(in);
                    elements.add(new Element.Section(name, section(in, depth + 1)));
                }
                case SECTION_END -> {
                    if (depth == 0) {
                        throw new ViciException("end of a section that did not begin", at);
                    }
                    return new ViciMessage(elements);
                }
                case KEY_VALUE -> {
                    String name = name(in);
                    elements.add(new Element.Value(name, data(in)));
                }
                case LIST_START -> {
                    String name = name(in);
                    elements.add(new Element.Items(name, items(in)));
                }
                case LIST_ITEM -> throw new ViciException("item outside a list", at);
                case LIST_END -> throw new ViciException("end of a list that did not begin", at);
                default -> throw new ViciException("element of unknown type " + type, at);
            }
        }
        if (depth > 0) {
            throw new ViciException("section without an end", in.position());
        }
        return new ViciMessage(elements);
    }

    private static List<Octets> items(ByteBuffer in) throws ViciException {
        List<Octets> items = new ArrayList<>();
        while (in.hasRemaining()) {
            int at = in.position();
            int type = in.get();
            switch (type) {
                case LIST_ITEM -> items.add(data(in));
                case LIST_END -> {
                    return items;
                }
                default -> throw new ViciException("element of type " + type + " in a list", at);
            }
        }
        throw new ViciException("list without an end", in.position());
    }

    /// A name after its length of one octet: of an element, a command or an event.
    static String name(ByteBuffer in) throws ViciException {
        int at = in.position();
        if (!in.hasRemaining()) {
            throw new ViciException("name without a length", at);
        }
        int length = in.get() & 0xff;
        if (length > in.remaining()) {
            throw new ViciException(
                    "name of " + length + " octets, of which " + in.remaining() + " are there", at);
        }
        ByteBuffer octets = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        } catch (CharacterCodingException _) {
            throw new ViciException("name that is no UTF-8", at);
        }
    }

    private static Octets data(ByteBuffer in) throws ViciException {
        int at = in.position();
        if (in.remaining() < 2) {
            throw new ViciException("value without a length", at);
        }
        int length = in.getShort() & 0xffff;
        if (length > in.remaining()) {
            throw new ViciException(
                    "value of " + length + " octets, of which " + in.remaining() + " are there",
                    at);
        }
        return Octets.take(in, length);
    }

    static void emit(ViciMessage message, ByteArrayOutputStream out) {
        for (Element element : message.elements()) {
            switch (element) {
                case Element.Value(String name, Octets data) -> {
                    out.write(KEY_VALUE);
                    emitName(name, out);
                    emitData(data, out);
                }
                case Element.Items(String name, List<Octets> items) -> {
                    out.write(LIST_START);
                    emitName(name, out);
                    for (Octets item : items) {
                        out.write(LIST_ITEM);
                        emitData(item, out);
                    }
                    out.write(LIST_END);
                }
                case Element.Section(String name, ViciMessage content) -> {
                    out.write(SECTION_START);
                    emitName(name, out);
                    emit(content, out);
                    out.write(SECTION_END);
                }
            }
        }
    }

    static void emitName(String name, ByteArrayOutputStream out) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        if (octets.length > ViciMessage.NAME_LIMIT) {
            throw new IllegalArgumentException("name of " + octets.length + " octets");
        }
        out.write(octets.length);
        out.writeBytes(octets);
    }

    private static void emitData(Octets data, ByteArrayOutputStream out) {
        if (data.length() > ViciMessage.VALUE_LIMIT) {
            throw new IllegalArgumentException("value of " + data.length() + " octets");
        }
        out.write(data.length() >> 8);
        out.write(data.length());
        out.writeBytes(data.toArray());
    }
}
