package io.sallyport.drivers.socket;

import io.sallyport.base.net.IpAddress;
import io.sallyport.ffi.linux.LinuxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which of the sockets that share the port of UDP-encapsulated ESP gets a datagram. The kernel
/// decides, before it queues anything, so that a flood fills no queue but its own:
///
/// ```text
///  begins with the non-ESP marker                         -> the queue of IKE
///  an SPI of ours, from the address of that SA's peer     -> the worker that owns the SPI
///  anything else                                          -> the queue of the strangers
/// ```
///
/// It is no judgement: an address is easily forged, and a peer whose address changes is a stranger
/// for a while. All are opened, and only what is authentic goes on.
///
/// @param fd of any socket of the port
/// @param workers whose sockets were bound first
/// @param marked the number, in the order of binding, of the socket for IKE
/// @param strangers of that for strangers
public record SpiQueues(int fd, boolean v6, int workers, int marked, int strangers) {
    /// Where the source stands in the IP header (RFC 791, 3.1; RFC 8200, 3).
    private static final int SOURCE4 = 12;

    private static final int SOURCE6 = 8;

    private static final int MARKER_OCTETS = 4;

    /// All that is not IKE goes to the workers, by its SPI alone; a datagram without one to the
    /// first.
    public void allAlike() throws LinuxException {
        new PacketProgram()
                .load(0) // beyond the end: the program answers 0
                .ifEqual(0, 1)
                .answer(marked)
                .modulo(workers)
                .answerIt()
                .choose(fd);
    }

    /// What the peers send is kept apart from what anybody sends; if they are too many for a
    /// program of the kernel's, all are alike.
    ///
    /// @param senders of each SPI of ours; those of the other family may be among them
    public void apart(Map<Integer, IpAddress> senders) throws LinuxException {
        Optional<PacketProgram> program = program(senders);
        if (program.isEmpty()) {
            allAlike();
        } else {
            program.get().choose(fd);
        }
    }

    private record Sender(int spi, IpAddress address) {}

    private Optional<PacketProgram> program(Map<Integer, IpAddress> senders) {
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
        PacketProgram program =
                new PacketProgram()
                        .loadLength()
                        .ifAtLeast(MARKER_OCTETS, 1, 0)
                        .answer(strangers)
                        .load(0)
                        .ifEqual(0, 1)
                        .answer(marked)
                        .append(tree(sorted));
        return program.size() > PacketProgram.MOST ? Optional.empty() : Optional.of(program);
    }

    /// A search by halves.
    private PacketProgram tree(List<Sender> sorted) {
        if (sorted.isEmpty()) {
            return new PacketProgram().answer(strangers);
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
        return leaf.answer(Integer.remainderUnsigned(sender.spi(), workers)).answer(strangers);
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
