package io.sallyport.drivers.socket;

import io.sallyport.base.net.IpAddress;
import io.sallyport.ffi.linux.LinuxException;
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

    private Optional<PacketProgram> program(Map<Integer, IpAddress> senders) {
        return SenderTree.of(senders, v6, spi -> Integer.remainderUnsigned(spi, workers), strangers)
                .map(tree ->
                        new PacketProgram()
                                .loadLength()
                                .ifAtLeast(MARKER_OCTETS, 1, 0)
                                .answer(strangers)
                                .load(0)
                                .ifEqual(0, 1)
                                .answer(marked)
                                .append(tree))
                .filter(program -> program.size() <= PacketProgram.MOST);
    }
}
