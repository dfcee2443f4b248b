package io.sallyport.drivers.socket;

import io.sallyport.base.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// Finds out whether a packet, whose SPI was loaded, comes from the peer that has this SPI of ours:
/// a search by halves, then a look at the source address.
final class SenderTree {
    /// Where the source stands in the IP header (RFC 791, 3.1; RFC 8200, 3).
    private static final int SOURCE4 = 12;

    private static final int SOURCE6 = 8;

    private final boolean v6;
    private final IntUnaryOperator known;
    private final int stranger;

    private SenderTree(boolean v6, IntUnaryOperator known, int stranger) {
        this.v6 = v6;
        this.known = known;
        this.stranger = stranger;
    }

    private record Sender(int spi, IpAddress address) {}

    /// @param senders of each SPI; those of the other family are passed over
    /// @param known the answer for a peer's packet with this SPI
    /// @param stranger the answer for all others
    /// @return empty if they are too many for a program of the kernel's
    static Optional<PacketProgram> of(
            Map<Integer, IpAddress> senders, boolean v6, IntUnaryOperator known, int stranger) {
        List<Sender> sorted = new ArrayList<>();
        senders.forEach((spi, address) -> {
            if (address.v6() == v6) {
                sorted.add(new Sender(spi, address));
            }
        });
        if (sorted.size() > PacketProgram.MOST) {
            return Optional.empty();
        }
        sorted.sort(Comparator.comparing(Sender::spi, Integer::compareUnsigned));
        PacketProgram tree = new SenderTree(v6, known, stranger).tree(sorted);
        return tree.size() > PacketProgram.MOST ? Optional.empty() : Optional.of(tree);
    }

    private PacketProgram tree(List<Sender> sorted) {
        if (sorted.isEmpty()) {
            return new PacketProgram().answer(stranger);
        }
        if (sorted.size() == 1) {
            return leaf(sorted.getFirst());
        }
        int half = sorted.size() / 2;
        PacketProgram low = tree(sorted.subList(0, half));
        PacketProgram high = tree(sorted.subList(half, sorted.size()));
        PacketProgram fork = new PacketProgram();
        int first = sorted.get(half).spi();
        if (low.size() <= PacketProgram.FURTHEST) {
            fork.ifAtLeast(first, low.size(), 0);
        } else {
            fork.ifAtLeast(first, 0, 1).skip(low.size());
        }
        return fork.append(low).append(high);
    }

    private PacketProgram leaf(Sender sender) {
        int[] words = words(sender.address());
        int at = PacketProgram.IP_HEADER + (v6 ? SOURCE6 : SOURCE4);
        PacketProgram leaf = new PacketProgram().ifEqual(sender.spi(), 2 * words.length + 1);
        for (int i = 0; i < words.length; i++) {
            leaf.load(at + 4 * i).ifEqual(words[i], 2 * (words.length - i) - 1);
        }
        return leaf.answer(known.applyAsInt(sender.spi())).answer(stranger);
    }

    private static int[] words(IpAddress address) {
        return address.v6()
                ? new int[] {
                    (int) (address.high() >>> 32),
                    (int) address.high(),
                    (int) (address.low() >>> 32),
                    (int) address.low()
                }
                : new int[] {(int) address.low()};
    }
}
