package io.sallyport.drivers.filter;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.wire.ip.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Terms of one shape and one answer: one look-up in one set, however many they are.
///
/// ```text
///  key:  source & mask | destination & mask | protocol (1, padded to 4) | ports (2 each, padded)
/// ```
///
/// @param fragments whether it looks at fragments alone
record Layer(Term.Answer answer, Term.Shape shape, List<Octets> keys, Fragments fragments) {
    /// At which packets a layer looks.
    enum Fragments {
        /// At all, by what the kernel knows of them.
        NO_MATTER,
        /// At those that are not the first, by the number in the fragment header.
        LATER,
        /// Likewise, the first one, too.
        ANY
    }

    private static final int WORD = 4;
    private static final List<Integer> EXTENSIONS =
            IntStream.range(0, 256).filter(Protocol::isExtension).boxed().toList();

    /// The layers of a wall. Terms of one answer that follow each other may change places; those of
    /// different answers may not.
    static List<Layer> of(List<Term> terms) {
        List<Layer> layers = new ArrayList<>();
        Map<Term.Shape, Set<Octets>> byShape = new LinkedHashMap<>();
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            byShape.computeIfAbsent(term.shape(), _ -> new LinkedHashSet<>()).add(key(term));
            if (i + 1 == terms.size() || terms.get(i + 1).answer() != term.answer()) {
                byShape.forEach((s, k) ->
                        layers.add(
                                new Layer(term.answer(), s, List.copyOf(k), Fragments.NO_MATTER)));
                byShape.clear();
            }
        }
        return layers;
    }

    /// Whether fragments of what is dropped do not show all that its terms look at: of IPv4 they
    /// have no ports, of IPv6 their protocol may be hidden, too.
    boolean asksForMoreThanFragmentsTell() {
        return answer != Term.Answer.PASS && (shape.ports() || shape.v6() && shape.protocol());
    }

    /// The layers for fragments that may be of packets of this one. Of IPv6, where the fragment
    /// header is followed by an extension header, that may be of any protocol, and the first one
    /// may hide it as well: by the rest of the chain in the second, whose own number nobody heeds.
    List<Layer> ofFragments() {
        Set<Octets> known = new LinkedHashSet<>();
        Set<Octets> hidden = new LinkedHashSet<>();
        for (Octets key : keys) {
            Octets addresses = key.slice(0, 2 * address(shape));
            known.add(withProtocol(addresses, key.at(addresses.length())));
            EXTENSIONS.forEach(number -> hidden.add(withProtocol(addresses, number)));
        }
        Term.Shape seen =
                new Term.Shape(
                        shape.v6(), shape.sourceBits(), shape.destinationBits(), true, false, 0, 0);
        Layer later = new Layer(answer, seen, List.copyOf(known), Fragments.LATER);
        return shape.v6()
                ? List.of(later, new Layer(answer, seen, List.copyOf(hidden), Fragments.ANY))
                : List.of(later);
    }

    private static Octets withProtocol(Octets addresses, int protocol) {
        return Octets.owned(
                ByteBuffer.allocate(addresses.length() + WORD)
                        .put(addresses.toArray())
                        .put((byte) protocol)
                        .array());
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
        switch (fragments) {
            case NO_MATTER -> {}
            case LATER -> rule.laterFragment(shape.v6());
            case ANY -> rule.fragment6();
        }
        for (boolean source : new boolean[] {true, false}) {
            int bits = source ? shape.sourceBits() : shape.destinationBits();
            rule.load(Nft.NETWORK_HEADER, place(source), address(shape), at);
            if (bits < address(shape) * 8) {
                rule.mask(at, Expressions.ones(address(shape), bits));
            }
            at += words;
        }
        if (shape.protocol() && fragments != Fragments.NO_MATTER && shape.v6()) {
            rule.behindFragmentHeader(at++);
        } else if (shape.protocol()) {
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
