package io.sallyport.ike.exchange;

import io.sallyport.base.Octets;
import java.util.Optional;
import java.util.TreeMap;

/// Puts one fragmented message together (RFC 7383, 2.6). Only fragments that are authentic come
/// here, so nobody but the peer can fill this memory, and the peer no more than the limits allow.
public final class Fragments {
    private static final int MOST = 256;
    private static final int MOST_OCTETS = 1 << 16;

    private final TreeMap<Integer, SkSealer.Opened> parts = new TreeMap<>();
    private int messageId = -1;
    private int total;
    private int octets;

    /// Takes one fragment of message `id`.
    ///
    /// @return the whole message, once the last fragment is there
    public Optional<SkSealer.Opened> add(int id, SkSealer.Opened part) {
        if (part.total() > MOST) {
            return Optional.empty();
        }
        // RFC 7383, 2.6: a greater total means that the peer began anew with smaller fragments; a
        // smaller one is late.
        if (id != messageId || part.total() > total) {
            clear();
            messageId = id;
            total = part.total();
        }
        if (part.total() < total
                || parts.containsKey(part.fragment())
                || octets + part.chain().length() > MOST_OCTETS) {
            return Optional.empty();
        }
        parts.put(part.fragment(), part);
        octets += part.chain().length();
        if (parts.size() < total) {
            return Optional.empty();
        }
        Octets[] chains =
                parts.values().stream().map(SkSealer.Opened::chain).toArray(Octets[]::new);
        int first = parts.firstEntry().getValue().firstPayload();
        clear();
        return Optional.of(new SkSealer.Opened(first, Octets.concat(chains), 0, 0));
    }

    public void clear() {
        parts.clear();
        messageId = -1;
        total = 0;
        octets = 0;
    }

    /// Octets held of a message that is not whole yet.
    public int held() {
        return octets;
    }
}
