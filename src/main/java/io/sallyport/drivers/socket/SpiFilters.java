package io.sallyport.drivers.socket;

import io.sallyport.base.net.IpAddress;
import io.sallyport.ffi.linux.LinuxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which raw sockets of ESP or AH keep a packet. The kernel offers it to each of them; what a
/// socket does not keep is not queued there:
///
/// ```text
///  an SPI of ours, from the address of that SA's peer     -> the worker that owns the SPI
///  anything else                                          -> the strangers' socket
/// ```
///
/// The same, and as little a judgement, as [SpiQueues].
///
/// @param workers the sockets of the workers, in order
/// @param strangers the socket of strangers
/// @param at where the SPI stands behind the IP header
public record SpiFilters(List<Integer> workers, int strangers, boolean v6, int at) {
    private static final int ALL = -1;
    private static final int NOTHING = 0;

    /// All goes to the workers, by its SPI alone.
    public void allAlike() throws LinuxException {
        for (int i = 0; i < workers.size(); i++) {
            spi().modulo(workers.size())
                    .ifEqual(i, 1)
                    .answer(ALL)
                    .answer(NOTHING)
                    .filter(workers.get(i));
        }
        new PacketProgram().answer(NOTHING).filter(strangers);
    }

    /// What the peers send is kept apart from what anybody sends; if they are too many for a
    /// program of the kernel's, all are alike. A packet that comes in between may come twice, which
    /// the window finds out.
    ///
    /// @param senders of each SPI of ours; those of the other family may be among them
    public void apart(Map<Integer, IpAddress> senders) throws LinuxException {
        for (int i = 0; i < workers.size(); i++) {
            int worker = i;
            Optional<PacketProgram> program =
                    SenderTree.of(senders, v6, spi -> owner(spi) == worker ? ALL : NOTHING, NOTHING)
                            .map(spi()::append)
                            .filter(it -> it.size() <= PacketProgram.MOST);
            if (program.isEmpty()) {
                allAlike();
                return;
            }
            program.get().filter(workers.get(i));
        }
        Optional<PacketProgram> others =
                SenderTree.of(senders, v6, _ -> NOTHING, ALL).map(spi()::append);
        others.orElseThrow().filter(strangers);
    }

    private int owner(int spi) {
        return Integer.remainderUnsigned(spi, workers.size());
    }

    /// What it loads.
    private PacketProgram spi() {
        return v6
                ? new PacketProgram().load(at) // comes without its IP header
                : new PacketProgram().loadBehindHeader(at);
    }
}
