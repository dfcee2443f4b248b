package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Payloads linked by their generic headers (RFC 2408, 3.2).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// | next payload  | reserved (0)  |  length, this header included |
/// +---------------+---------------+-------------------------------+
/// ```
///
/// @param entries in the order of the message
/// @param length octets from the first generic header to the end of the last payload
public record PayloadChain(List<Entry> entries, int length) {
    /// More payloads in one message are an attack, not a message.
    public static final int MAX_PAYLOADS = 100;

    private static final int GENERIC_HEADER = 4;

    /// A payload and the octets it came in: hashes are made over what was received, not over what
    /// we would have sent.
    ///
    /// @param body without the generic header
    public record Entry(Payload payload, Octets body) {}

    public PayloadChain {
        entries = List.copyOf(entries);
    }

    /// Reads payloads until one says that none follows. What stands behind (padding of a cipher, or
    /// dirt) is the caller's to judge: compare [#length] with what there was.
    ///
    /// @param firstType what the header before announces, 0..255
    /// @param octets the whole message, or the decrypted part
    /// @param from offset of the first generic header in `octets`
    public static PayloadChain parse(int firstType, Octets octets, int from)
            throws MalformedException {
        Reader in = Reader.from(octets, from);
        List<Entry> entries = new ArrayList<>();
        int type = firstType;
        while (type != PayloadType.NONE) {
            if (entries.size() == MAX_PAYLOADS) {
                throw in.malformed("more than " + MAX_PAYLOADS + " payloads");
            }
            int next = in.u8("next payload");
            // RFC 2408, 5.3: "Verify the RESERVED field contains the value zero." After decryption
            // with a wrong key this is also the first thing to be wrong.
            if (in.u8("reserved") != 0) {
                throw in.malformed("reserved octet of payload type " + type + " not zero");
            }
            int length = in.u16("payload length") - GENERIC_HEADER;
            int start = in.position();
            Payload payload = Payload.parse(type, in.window(length, "payload type " + type));
            entries.add(new Entry(payload, octets.slice(start, start + length)));
            type = next;
        }
        return new PayloadChain(entries, in.position() - from);
    }

    /// The payloads in order.
    public List<Payload> payloads() {
        return entries.stream().map(Entry::payload).toList();
    }

    public <T extends Payload> Optional<T> first(Class<T> type) {
        return entries.stream()
                .map(Entry::payload)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    public <T extends Payload> List<T> all(Class<T> type) {
        return entries.stream()
                .map(Entry::payload)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /// The body of the first payload of that type exactly as received, without the generic header:
    /// what RFC 2409, 5 writes as `SAi_b` or `IDii_b`.
    public Optional<Octets> rawBody(Class<? extends Payload> type) {
        return entries.stream()
                .filter(entry -> type.isInstance(entry.payload))
                .map(Entry::body)
                .findFirst();
    }

    /// The payloads with their generic headers, none after the last.
    ///
    /// @throws IllegalArgumentException if one is longer than a length field can say
    public static Octets emit(List<Payload> payloads) {
        Writer out = new Writer(256);
        for (int i = 0; i < payloads.size(); i++) {
            Octets body = payloads.get(i).body();
            out.u8(i + 1 < payloads.size() ? payloads.get(i + 1).type() : PayloadType.NONE)
                    .u8(0)
                    .u16(GENERIC_HEADER + body.length())
                    .octets(body);
        }
        return out.toOctets();
    }

    /// What the header before `payloads` announces; [PayloadType#NONE] if there are none.
    public static int firstType(List<Payload> payloads) {
        return payloads.isEmpty() ? PayloadType.NONE : payloads.getFirst().type();
    }
}
