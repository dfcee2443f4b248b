package io.sallyport.drivers.filter;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpPrefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Terms of one shape and one answer: one look-up in one set, however many they are.
///
/// ```text
///  key:  source & mask | destination & mask | protocol (1, padded to 4) | ports (2 each, padded)
/// ```
record Layer(Term.Answer answer, Term.Shape shape, List<Octets> keys) {
    private static final int WORD = 4;

    /// The layers of a wall. Terms of one answer that follow each other may change places; those of
    /// different answers may not.
    static List<Layer> of(List<Term> terms) {
        List<Layer> layers = new ArrayList<>();
        Map<Term.Shape, Set<Octets>> byShape = new LinkedHashMap<>();
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            byShape.computeIfAbsent(term.shape(), _ -> new LinkedHashSet<>()).add(key(term));
            if (i + 1 == terms.size() || terms.get(i + 1).answer() != term.answer()) {
                byShape.forEach((s, k) -> layers.add(new Layer(term.answer(), s, List.copyOf(k))));
                byShape.clear();
            }
        }
        return layers;
    }

    int keyType() {
        return SetKey.of(shape);
    }

    int keyOctets() {
        return octets(shape);
    }

    private static int octets(Term.Shape shape) {
        return 2 * address(shape) + (shape.protocol() ? WORD : 0) + (shape.ports() ? 2 * WORD : 0);
    }

    private static int address(Term.Shape shape) {
        return shape.v6() ? 16 : 4;
    }

    private static Octets key(Term term) {
        Term.Shape shape = term.shape();
        ByteBuffer out = ByteBuffer.allocate(octets(shape));
        put(out, term.source());
        put(out, term.destination());
        if (shape.protocol()) {
            out.put((byte) term.protocol()).put(new byte[WORD - 1]);
        }
        if (shape.ports()) {
            out.putShort((short) term.sourcePorts().port()).putShort((short) 0);
            out.putShort((short) term.destinationPorts().port()).putShort((short) 0);
        }
        return Octets.owned(out.array());
    }

    private static void put(ByteBuffer out, IpPrefix prefix) {
        prefix.first().octets().emit(out);
    }

    /// Loads a packet's key into the registers, beginning with the first.
    Expressions load(Expressions rule) {
        int words = address(shape) / WORD;
        int at = Nft.REGISTER;
        rule.family(shape.v6());
        for (boolean source : new boolean[] {true, false}) {
            int bits = source ? shape.sourceBits() : shape.destinationBits();
            rule.load(Nft.NETWORK_HEADER, place(source), address(shape), at);
            if (bits < address(shape) * 8) {
                rule.mask(at, Expressions.ones(address(shape), bits));
            }
            at += words;
        }
        if (shape.protocol()) {
            rule.meta(Nft.META_L4PROTO, at++);
        }
        if (shape.ports()) {
            rule.load(Nft.TRANSPORT_HEADER, 0, 2, at)
                    .mask(at++, Expressions.ones(2, shape.sourcePortBits()))
                    .load(Nft.TRANSPORT_HEADER, shape.icmp() ? 0 : 2, 2, at)
                    .mask(at, Expressions.ones(2, shape.destinationPortBits()));
        }
        return rule;
    }

    private int place(boolean source) {
        if (shape.v6()) {
            return source ? 8 : 24;
        }
        return source ? 12 : 16;
    }
}
