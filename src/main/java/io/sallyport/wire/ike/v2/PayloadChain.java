package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Payloads linked by their generic headers (RFC 7296, 3.2).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-+-------------+-------------------------------+
/// | next payload  |C|  reserved   |  length, this header included |
/// +---------------+-+-------------+-------------------------------+
/// ```
///
/// @param entries in the order of the message
/// @param length octets from the first generic header to the end of the last payload
public record PayloadChain(List<Entry> entries, int length) {
    /// More payloads in one message are an attack, not a message.
    public static final int MAX_PAYLOADS = 100;

    private static final int CRITICAL = 0x80;

    /// A payload and the octets it came in: AUTH is made over what was received, not over what we
    /// would have sent.
    ///
    /// @param body without the generic header
    /// @param at offset of `body` in what was parsed
    public record Entry(Payload payload, Octets body, int at) {}

    public PayloadChain {
        entries = List.copyOf(entries);
    }

    /// Reads payloads until one says that none follows, or is encrypted. What stands behind is the
    /// caller's to judge: compare [#length] with what there was.
    ///
    /// @param firstType what the header before announces, 0..255
    /// @param octets the whole message
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
            // RFC 7296, 3.2: the reserved bits are sent as zero and ignored on receipt.
            boolean critical = (in.u8("critical bit") & CRITICAL) != 0;
            int length = in.u16("payload length") - Payload.GENERIC_HEADER;
            int start = in.position();
            Payload payload =
                    Payload.parse(type, next, critical, in.window(length, PayloadType.name(type)));
            entries.add(new Entry(payload, octets.slice(start, start + length), start));
            // RFC 7296, 3.14: the encrypted payload is the last of its message, and its next
            // payload field names the first payload inside of it.
            type = sealed(type) ? PayloadType.NONE : next;
        }
        return new PayloadChain(entries, in.position() - from);
    }

    /// Reads the payloads that were inside an encrypted one, all of `plain`.
    ///
    /// @param firstType [Encrypted#firstType]
    /// @param plain without padding and pad length
    /// @throws MalformedException also if octets are left, or an encrypted payload is inside
    public static PayloadChain parseInner(int firstType, Octets plain) throws MalformedException {
        PayloadChain chain = parse(firstType, plain, 0);
        if (chain.length != plain.length()) {
            throw new MalformedException("octets behind the last payload", chain.length);
        }
        for (Entry entry : chain.entries) {
            if (sealed(entry.payload.type())) {
                throw new MalformedException("an encrypted payload inside of another", entry.at);
            }
        }
        return chain;
    }

    private static boolean sealed(int type) {
        return type == PayloadType.ENCRYPTED || type == PayloadType.ENCRYPTED_FRAGMENT;
    }

    /// The payloads in order.
    public List<Payload> payloads() {
        return entries.stream().map(Entry::payload).toList();
    }

    public <T extends Payload> Optional<T> first(Class<T> type) {
        for (Entry entry : entries) {
            if (type.isInstance(entry.payload)) {
                return Optional.of(type.cast(entry.payload));
            }
        }
        return Optional.empty();
    }

    public <T extends Payload> List<T> all(Class<T> type) {
        List<T> all = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            if (type.isInstance(entry.payload)) {
                all.add(type.cast(entry.payload));
            }
        }
        return Collections.unmodifiableList(all);
    }

    /// IDi or IDr.
    public Optional<Identification> identification(boolean initiator) {
        return all(Identification.class).stream()
                .filter(id -> id.initiator() == initiator)
                .findFirst();
    }

    /// TSi or TSr.
    public Optional<TrafficSelectors> selectors(boolean initiator) {
        return all(TrafficSelectors.class).stream()
                .filter(ts -> ts.initiator() == initiator)
                .findFirst();
    }

    /// The first notify of that number.
    public Optional<Notify> notify(int notifyType) {
        for (Entry entry : entries) {
            if (entry.payload instanceof Notify n && n.notifyType() == notifyType) {
                return Optional.of(n);
            }
        }
        return Optional.empty();
    }

    public List<Notify> notifies(int notifyType) {
        return all(Notify.class).stream().filter(n -> n.notifyType() == notifyType).toList();
    }

    /// The first notify that is an error, of whatever number.
    public Optional<Notify> error() {
        return all(Notify.class).stream().filter(Notify::isError).findFirst();
    }

    /// The body of the first payload of that type exactly as received, without the generic header:
    /// what RFC 7296, 2.15 writes as `RestOfInitIDPayload`.
    ///
    /// @param type [PayloadType]
    public Optional<Octets> rawBody(int type) {
        return entries.stream()
                .filter(entry -> entry.payload.type() == type)
                .map(Entry::body)
                .findFirst();
    }

    /// The type of the first payload that we do not know and must not skip. RFC 7296, 2.5: the
    /// message is then refused with UNSUPPORTED_CRITICAL_PAYLOAD, which carries that type in one
    /// octet.
    public OptionalInt unsupportedCritical() {
        for (Entry entry : entries) {
            if (entry.payload.critical()) {
                return OptionalInt.of(entry.payload.type());
            }
        }
        return OptionalInt.empty();
    }

    /// The payloads with their generic headers. None follows the last, but for an encrypted one.
    ///
    /// @throws IllegalArgumentException if one is longer than a length field can say, or an
    ///   encrypted one is not the last
    public static Octets emit(List<Payload> payloads) {
        Writer out = new Writer(256);
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            Octets body = payload.body();
            boolean last = i + 1 == payloads.size();
            if (!last && sealed(payload.type())) {
                throw new IllegalArgumentException("a payload behind the encrypted one");
            }
            out.u8(last ? behind(payload) : payloads.get(i + 1).type())
                    .u8(payload.critical() ? CRITICAL : 0)
                    .u16(Payload.GENERIC_HEADER + body.length())
                    .octets(body);
        }
        return out.toOctets();
    }

    private static int behind(Payload last) {
        return switch (last) {
            case Encrypted encrypted -> encrypted.firstType();
            case EncryptedFragment fragment -> fragment.firstType();
            default -> PayloadType.NONE;
        };
    }

    /// What the header before `payloads` announces; [PayloadType#NONE] if there are none.
    public static int firstType(List<Payload> payloads) {
        return payloads.isEmpty() ? PayloadType.NONE : payloads.getFirst().type();
    }
}
