package io.sallyport.drivers.tcp;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.IoVector;
import io.sallyport.ffi.linux.Unistd;
import io.sallyport.wire.esp.StreamFrames;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One TCP connection. Any thread writes to it, one at a time; [TcpPort]'s thread does the rest.
///
/// What the kernel does not take is not queued here: a message of which it took a part is finished
/// first, and IKE waits behind it; ESP is dropped meanwhile, as on a line that is full.
final class TcpLine {
    /// Of IKE and of a message begun.
    private static final int MOST_WAITING = 4 * 0xffff;

    private static final int FIRST_WAITING = 64 << 10;

    private final Path path;
    private final boolean dialled;
    private final int fd;
    private final StreamFrames frames;
    private final Runnable wantsRoom;
    private final Runnable isBroken;
    private volatile boolean open;
    private boolean closed;
    private MemorySegment waiting = MemorySegment.NULL;
    private int waitingFrom;
    private int waitingTo;
    private String why = "";

    // of the port's thread
    private boolean proven;
    private boolean heardOfRoom;
    private long deadline;

    /// @param path as those who use it know it
    /// @param dialled by us
    TcpLine(TcpPort port, Path path, boolean dialled, int fd, long deadline) {
        this.path = path;
        this.dialled = dialled;
        this.fd = fd;
        this.deadline = deadline;
        this.frames = new StreamFrames(!dialled);
        this.open = !dialled;
        this.wantsRoom = () -> port.hearRoom(this);
        this.isBroken = () -> port.broken(this);
    }

    Path path() {
        return path;
    }

    boolean isDialled() {
        return dialled;
    }

    int fd() {
        return fd;
    }

    StreamFrames frames() {
        return frames;
    }

    /// Whether it takes messages.
    boolean isOpen() {
        return open;
    }

    boolean isProven() {
        return proven;
    }

    void proven(boolean is) {
        proven = is;
    }

    /// Whether the port is told when it takes more.
    boolean isHeardOfRoom() {
        return heardOfRoom;
    }

    void heardOfRoom(boolean is) {
        heardOfRoom = is;
    }

    long deadline() {
        return deadline;
    }

    void deadline(long at) {
        deadline = at;
    }

    /// Why the kernel gave it up; empty if it did not.
    synchronized String why() {
        return why;
    }

    /// The connection that we asked for is there: `prefix` goes first.
    synchronized void opened(MemorySegment prefix) {
        put(prefix, 0, (int) prefix.byteSize());
        open = true;
    }

    /// Sends packets `from` to `to`, in front of which there is room for their length.
    ///
    /// @param orders where the port takes what is to be done next
    synchronized void write(
            PacketBatch batch,
            int from,
            int to,
            IoVector vectors,
            DropCounters drops,
            TcpPort.Orders orders) {
        if (closed || !open) {
            drops.count(Drop.UNREACHABLE, to - from);
            return;
        }
        if (!flush()) {
            drops.count(why.isEmpty() ? Drop.SOCKET_FULL : Drop.UNREACHABLE, to - from);
            tellBroken(orders);
            return;
        }
        MemorySegment memory = batch.memory();
        vectors.clear();
        for (int i = from; i < to; i++) {
            StreamFrames.write(memory, batch.start(i), batch.length(i));
            vectors.add(
                    memory.address() + batch.start(i) - StreamFrames.LENGTH,
                    batch.length(i) + StreamFrames.LENGTH);
        }
        int taken = Unistd.writev(fd, vectors.address(), vectors.count());
        if (taken < 0) {
            failed(taken);
            drops.count(why.isEmpty() ? Drop.SOCKET_FULL : Drop.UNREACHABLE, to - from);
            tellBroken(orders);
            return;
        }
        for (int i = from; i < to; i++) {
            int octets = batch.length(i) + StreamFrames.LENGTH;
            if (taken >= octets) {
                taken -= octets;
            } else if (taken > 0) {
                // What is begun must end, or nothing behind it could be made out
                await(memory, batch.start(i) - StreamFrames.LENGTH + taken, octets - taken);
                taken = 0;
                orders.give(wantsRoom);
            } else {
                drops.count(Drop.SOCKET_FULL);
            }
        }
    }

    /// Sends one message of which `octets`, its length before it, lie at the beginning of `framed`.
    synchronized void send(
            MemorySegment framed, int octets, DropCounters drops, TcpPort.Orders orders) {
        if (closed || !open) {
            drops.count(Drop.UNREACHABLE);
            return;
        }
        if (waitingTo - waitingFrom + octets > MOST_WAITING) {
            drops.count(Drop.SOCKET_FULL);
            return;
        }
        if (put(framed, 0, octets) > 0) {
            orders.give(wantsRoom);
        }
        tellBroken(orders);
    }

    /// Writes behind what waits, or lets it wait.
    ///
    /// @return octets that wait now
    private int put(MemorySegment memory, int at, int octets) {
        int taken = 0;
        if (flush()) {
            taken = Unistd.write(fd, memory.address() + at, octets);
            if (taken < 0) {
                failed(taken);
                taken = 0;
            }
        }
        if (taken < octets && why.isEmpty()) {
            await(memory, at + taken, octets - taken);
        }
        return waitingTo - waitingFrom;
    }

    private void await(MemorySegment memory, int at, int octets) {
        int there = waitingTo - waitingFrom;
        if (waitingTo + octets > waiting.byteSize()) {
            MemorySegment target =
                    there + octets > waiting.byteSize()
                            ? Arena.ofAuto().allocate(Math.max(FIRST_WAITING, 2 * (there + octets)))
                            : waiting;
            MemorySegment.copy(waiting, waitingFrom, target, 0, there);
            waiting = target;
            waitingFrom = 0;
            waitingTo = there;
        }
        MemorySegment.copy(memory, at, waiting, waitingTo, octets);
        waitingTo += octets;
    }

    /// Whether nothing waits any more.
    synchronized boolean flush() {
        while (waitingFrom < waitingTo && !closed && why.isEmpty()) {
            int taken = Unistd.write(fd, waiting.address() + waitingFrom, waitingTo - waitingFrom);
            if (taken < 0) {
                failed(taken);
                break;
            }
            waitingFrom += taken;
        }
        if (waitingFrom == waitingTo) {
            waitingFrom = 0;
            waitingTo = 0;
        }
        return waitingTo == 0 && why.isEmpty();
    }

    private void failed(int result) {
        if (!Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
            why = Errno.describe(-result);
        }
    }

    private void tellBroken(TcpPort.Orders orders) {
        if (!why.isEmpty()) {
            orders.give(isBroken);
        }
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            open = false;
            waiting = MemorySegment.NULL;
            waitingFrom = 0;
            waitingTo = 0;
            BoundSocket.close(fd);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
