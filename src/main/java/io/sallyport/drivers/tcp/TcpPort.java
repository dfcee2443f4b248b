package io.sallyport.drivers.tcp;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.ring.Mailbox;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.ffi.linux.Unistd;
import io.sallyport.wire.esp.NonEspMarker;
import io.sallyport.wire.esp.StreamFrames;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The TCP connections of the gateway: those that others open to our port, and those that we open
/// ([#dial]), and open anew when they break. A connection is known by its [Path]; one that we
/// opened keeps the path that it was dialled by, whichever port the kernel gave it.
///
/// ```text
///  accepted   unproven --[#keep]--> proven --[#hangUp]--> unproven --deadline--> closed
///  dialled    connecting --> open --broken--> away --pause--> connecting;   [#hangUp]: closed
/// ```
///
/// One thread has it [#turn]; any thread gives orders and sends.
public final class TcpPort implements AutoCloseable {
    /// Of what one read takes, so that a busy connection leaves room for others.
    private static final int READ = 256 << 10;

    private static final int ACCEPTS_A_TURN = 16;
    private static final int ORDERS = 8192;
    private static final long SECOND = 1_000_000_000L;

    /// So long a connection may take to come about.
    private static final long CONNECT = 10 * SECOND;

    /// The first pause before a connection is tried again, and the longest: it doubles.
    private static final long PAUSE = SECOND / 10;

    private static final long LONGEST_PAUSE = 16 * SECOND;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int NONE = -1;

    /// What became of connections that we dial. Must not block.
    public interface News {
        /// It stands, and has not carried anything yet.
        void up(Path path);

        /// It did not come about, or is broken; it is tried again.
        void down(Path path, String why);
    }

    /// What is to be done on the port's thread. Any thread gives it.
    interface Orders {
        void give(Runnable order);
    }

    private static final class Dialled {
        final Path path;
        @Nullable TcpLine line;
        long nextTry;
        long pause = PAUSE;

        /// The port that the path names, once: a connection that the other end still takes for ours
        /// must not be in the way of the next one.
        Endpoint from;

        Dialled(Path path, long now) {
            this.path = path;
            this.from = path.local();
            this.nextTry = now;
        }
    }

    private final int mark;
    private final int listening;
    private final TcpLimits limits;
    private final Clock clock;
    private final News news;
    private final Poller poller;
    private final Mailbox<Runnable> mailbox;
    private final Orders orders;
    private final List<Integer> listeners = new ArrayList<>();
    private final Map<Path, TcpLine> lines = new ConcurrentHashMap<>();
    private final Map<Integer, TcpLine> byFd = new HashMap<>();
    private final Map<Path, Dialled> dialled = new HashMap<>();

    /// Accepted and unproven, the oldest first.
    private final Set<TcpLine> unproven = new LinkedHashSet<>();

    private final Map<IpAddress, int[]> accepted = new HashMap<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment read = arena.allocate(READ + StreamFrames.MOST, 8);
    private final PacketBatch batch = PacketBatch.over(read);
    private final MemorySegment prefix =
            arena.allocateFrom(ValueLayout.JAVA_BYTE, StreamFrames.prefix());
    private final MemorySegment name = arena.allocate(SocketAddress.SIZE6, 8);
    private final MemorySegment nameLength = arena.allocate(ValueLayout.JAVA_INT);

    /// Of [#send].
    private final MemorySegment message = arena.allocate(StreamFrames.MOST + StreamFrames.LENGTH);

    private final DropCounters sendDrops = new DropCounters();
    private final Counter refused = new Counter();
    private final List<TcpWriter> writers = new ArrayList<>();
    private long nextLook = NEVER;
    private boolean full;

    private TcpPort(
            int mark, int listening, TcpLimits limits, Clock clock, News news, Poller poller) {
        this.mark = mark;
        this.listening = listening;
        this.limits = limits;
        this.clock = clock;
        this.news = news;
        this.poller = poller;
        this.mailbox = new Mailbox<>(ORDERS, poller::wake);
        this.orders = mailbox::offer;
    }

    /// Opens it in the calling thread's network namespace.
    ///
    /// @param mark SO_MARK of all that is sent; 0: none
    /// @param listening the port that others connect to; 0: they cannot
    /// @throws LinuxException with advice, e.g. who may hold the port
    public static TcpPort open(
            int mark,
            int listening,
            TcpLimits limits,
            Clock clock,
            News news,
            Consumer<String> tell)
            throws LinuxException {
        TcpPort port = new TcpPort(mark, listening, limits, clock, news, Poller.open());
        if (listening == 0) {
            return port;
        }
        try {
            port.listen(false);
        } catch (LinuxException e) {
            port.close();
            throw e;
        }
        try {
            port.listen(true);
        } catch (LinuxException e) {
            tell.accept("no TCP over IPv6: " + e.getMessage());
        }
        return port;
    }

    private void listen(boolean v6) throws LinuxException {
        int fd = TcpSockets.listen(v6, listening, mark);
        listeners.add(fd);
        poller.add(fd, fd);
    }

    // ---- orders: any thread

    /// Opens a connection along `path`, and opens it anew whenever it breaks.
    public void dial(Path path) {
        orders.give(() -> {
            dialled.computeIfAbsent(path, p -> new Dialled(p, clock.nanos()));
            look(clock.nanos());
        });
    }

    /// An IKE SA whose ends are authenticated uses this connection: it may stay.
    public void keep(Path path) {
        orders.give(() -> {
            TcpLine line = lines.get(path);
            if (line != null && !line.isDialled() && !line.isProven()) {
                prove(line, true);
                line.deadline(NEVER);
            }
        });
    }

    /// Nobody uses it any more. RFC 9329, 6.1: "Once the SA has been deleted, the TCP Originator
    /// SHOULD close the TCP connection", and the responder only "if TCP Originator doesn't close it
    /// within some reasonable period of time".
    public void hangUp(Path path) {
        orders.give(() -> {
            Dialled ours = dialled.remove(path);
            TcpLine line = lines.get(path);
            if (line != null && ours != null) {
                line.flush();
                close(line);
            } else if (line != null && line.isProven()) {
                prove(line, false);
                line.deadline(clock.nanos() + limits.proof().toNanos());
                nextLook = Math.min(nextLook, line.deadline());
            }
        });
    }

    private void prove(TcpLine line, boolean is) {
        line.proven(is);
        if (is) {
            unproven.remove(line);
            count(line)[1]--;
        } else {
            unproven.add(line);
            count(line)[1]++;
        }
    }

    /// Of the accepted connections of an address: in all, and unproven.
    private int[] count(TcpLine line) {
        return accepted.computeIfAbsent(line.path().remote().address(), _ -> new int[2]);
    }

    Orders orders() {
        return orders;
    }

    /// Ends [#turn] at once.
    public void wake() {
        poller.wake();
    }

    // ---- sending: any thread

    @Nullable TcpLine line(Path path) {
        return lines.get(path);
    }

    /// For one more worker; before any of them writes.
    public TcpWriter writer() {
        TcpWriter writer = new TcpWriter(this);
        writers.add(writer);
        return writer;
    }

    /// Sends an IKE message, behind its marker. One thread. Without a connection it goes no
    /// further: the next one is told by [News#up].
    public void send(Path path, Octets ike) {
        int octets = NonEspMarker.OCTETS + ike.length();
        TcpLine line = lines.get(path);
        if (line == null || !line.isOpen() || octets > StreamFrames.MOST) {
            if (path.local().port() == listening) { // ours is asked again when it stands
                sendDrops.count(Drop.UNREACHABLE);
            }
            return;
        }
        int at = StreamFrames.LENGTH;
        StreamFrames.write(message, at, octets);
        NonEspMarker.write(message, at);
        for (int i = 0; i < ike.length(); i++) {
            message.set(ValueLayout.JAVA_BYTE, at + NonEspMarker.OCTETS + i, (byte) ike.at(i));
        }
        line.send(message, at + octets, sendDrops, orders);
    }

    // ---- the port's thread

    /// Waits until something is to be done, does it, and gives what came to `ear`: in lane TCP,
    /// with the path, in memory that is the port's again afterwards.
    ///
    /// @param mostNanos to wait
    public void turn(long mostNanos, Consumer<PacketBatch> ear) throws LinuxException {
        long wait = Math.max(0, Math.min(mostNanos, nextLook - clock.nanos()));
        int ready = poller.await(nextLook == NEVER ? mostNanos : wait);
        for (Runnable order = mailbox.poll(); order != null; order = mailbox.poll()) {
            order.run();
        }
        for (int i = 0; i < ready; i++) {
            int token = poller.token(i);
            TcpLine line = byFd.get(token);
            if (line != null) {
                act(line, ear);
            } else if (listeners.contains(token)) {
                accept(token);
            }
        }
        if (clock.nanos() >= nextLook) {
            look(clock.nanos());
        }
    }

    private void act(TcpLine line, Consumer<PacketBatch> ear) throws LinuxException {
        if (line.isDialled() && !line.isOpen()) {
            connected(line);
            return;
        }
        if (line.isHeardOfRoom() && line.flush()) {
            line.heardOfRoom(false);
            poller.hear(line.fd(), line.fd());
        }
        read(line, ear);
    }

    private void read(TcpLine line, Consumer<PacketBatch> ear) {
        StreamFrames frames = line.frames();
        int kept = frames.begin(read);
        int count = Unistd.read(line.fd(), read.address() + kept, READ);
        if (Errno.EAGAIN.is(count) || Errno.EINTR.is(count)) {
            frames.keep();
            return;
        }
        if (count <= 0) {
            // RFC 9329, 6.1: "A peer MUST discard a partially received message due to a broken
            // connection."
            end(line, count == 0 ? "closed or reset by the peer" : Errno.describe(-count));
            return;
        }
        boolean wasDue = frames.isPrefixDue();
        frames.take(kept + count);
        batch.clear();
        while (frames.next()) {
            int i = batch.addAt(frames.start(), frames.length());
            batch.lane(i, Lane.TCP);
            batch.path(i, line.path());
            if (batch.isFull()) {
                ear.accept(batch);
                batch.clear();
            }
        }
        if (batch.count() > 0) {
            ear.accept(batch);
        }
        frames.keep();
        if (frames.isWrong()) {
            end(line, "what came is no stream of IKE and ESP messages");
        } else if (wasDue && !frames.isPrefixDue() && !line.isProven()) {
            line.deadline(clock.nanos() + limits.proof().toNanos());
            nextLook = Math.min(nextLook, line.deadline());
        }
    }

    private void accept(int listener) throws LinuxException {
        for (int i = 0; i < ACCEPTS_A_TURN; i++) {
            nameLength.set(ValueLayout.JAVA_INT, 0, SocketAddress.SIZE6);
            int fd = Socket.accept(listener, name.address(), nameLength.address());
            if (fd < 0) {
                if (Errno.EMFILE.is(fd) || Errno.ENFILE.is(fd) || Errno.ENOBUFS.is(fd)) {
                    // It would be told of again and again
                    poller.mute(listener, listener);
                    full = true;
                    nextLook = Math.min(nextLook, clock.nanos() + SECOND);
                }
                return;
            }
            Endpoint from =
                    new Endpoint(SocketAddress.address(name, 0), SocketAddress.port(name, 0));
            if (mayCome(from.address())) {
                admit(fd, from);
            } else {
                refused.increment();
                BoundSocket.close(fd);
            }
        }
    }

    private boolean mayCome(IpAddress from) {
        int[] of = accepted.getOrDefault(from, new int[2]);
        return byFd.size() - dialled.size() < limits.inAll()
                && of[0] < limits.ofAddress()
                && of[1] < limits.unprovenOfAddress();
    }

    private void admit(int fd, Endpoint from) {
        if (unproven.size() >= limits.unproven()) {
            refused.increment();
            close(unproven.iterator().next());
        }
        try {
            TcpSockets.mark(fd, mark);
            Path path = new Path(TcpSockets.local(fd), from, true);
            long deadline = clock.nanos() + limits.prefix().toNanos();
            TcpLine line = new TcpLine(this, path, false, fd, deadline);
            poller.add(fd, fd);
            TcpLine before = lines.put(path, line);
            if (before != null) {
                close(before);
                lines.put(path, line);
            }
            byFd.put(fd, line);
            unproven.add(line);
            count(line)[0]++;
            count(line)[1]++;
            nextLook = Math.min(nextLook, deadline);
        } catch (LinuxException _) {
            refused.increment(); // it is gone again already
            BoundSocket.close(fd);
        }
    }

    // ---- ours

    private void dialNow(Dialled ours, long now) {
        ours.nextTry = NEVER;
        int fd = NONE;
        try {
            fd = TcpSockets.connect(ours.from, ours.path.remote(), mark);
            ours.from = new Endpoint(ours.path.local().address(), 0);
            TcpLine line = new TcpLine(this, ours.path, true, fd, now + CONNECT);
            poller.add(fd, fd);
            poller.hearRoom(fd, fd);
            ours.line = line;
            byFd.put(fd, line);
            lines.put(ours.path, line);
        } catch (LinuxException e) {
            if (fd != NONE) {
                BoundSocket.close(fd);
            }
            pause(ours, now);
            news.down(ours.path, String.valueOf(e.getMessage()));
        }
    }

    private void connected(TcpLine line) throws LinuxException {
        int error = Socket.getsockopt(line.fd(), Sockets.SOL_SOCKET, Sockets.SO_ERROR);
        if (error != 0) {
            end(line, Errno.describe(Math.abs(error)));
            return;
        }
        // RFC 9329, 6.1: "Whenever the TCP Originator opens a new TCP connection to be used for an
        // existing IKE SA, it MUST send the stream prefix first, before any IKE or ESP messages."
        line.opened(prefix);
        line.deadline(clock.nanos() + CONNECT);
        poller.hear(line.fd(), line.fd());
        news.up(line.path());
    }

    private void pause(Dialled ours, long now) {
        ours.line = null;
        ours.nextTry = now + ours.pause;
        ours.pause = Math.min(2 * ours.pause, LONGEST_PAUSE);
        nextLook = Math.min(nextLook, ours.nextTry);
    }

    // ---- ends

    void hearRoom(TcpLine line) {
        if (byFd.get(line.fd()) == line && !line.flush()) {
            try {
                line.heardOfRoom(true);
                poller.hearRoom(line.fd(), line.fd());
            } catch (LinuxException e) {
                end(line, String.valueOf(e.getMessage()));
            }
        }
    }

    void broken(TcpLine line) {
        end(line, line.why());
    }

    /// RFC 9329, 6.1: "The TCP Originator is responsible for re-establishing the TCP connection if
    /// it is torn down for any unexpected reason."
    private void end(TcpLine line, String why) {
        if (byFd.get(line.fd()) != line) {
            return;
        }
        Dialled ours = line.isDialled() ? dialled.get(line.path()) : null;
        boolean stood = line.isOpen();
        close(line);
        if (ours != null) {
            long now = clock.nanos();
            if (stood && now >= line.deadline()) {
                ours.pause = PAUSE; // it held for a while
            }
            pause(ours, now);
            news.down(line.path(), why);
        }
    }

    private void close(TcpLine line) {
        try {
            poller.remove(line.fd());
        } catch (LinuxException _) {
            // closing takes it out, too
        }
        byFd.remove(line.fd(), line);
        lines.remove(line.path(), line);
        if (!line.isDialled()) {
            int[] of = count(line);
            of[0]--;
            if (unproven.remove(line)) {
                of[1]--;
            }
            if (of[0] == 0) {
                accepted.remove(line.path().remote().address());
            }
        }
        line.close();
    }

    private void look(long now) {
        nextLook = NEVER;
        for (TcpLine line : List.copyOf(unproven)) {
            if (now >= line.deadline()) {
                refused.increment();
                close(line);
            } else {
                nextLook = Math.min(nextLook, line.deadline());
            }
        }
        for (Dialled ours : List.copyOf(dialled.values())) {
            TcpLine line = ours.line;
            if (line == null && now >= ours.nextTry) {
                dialNow(ours, now);
                line = ours.line;
            }
            if (line != null && !line.isOpen()) {
                if (now >= line.deadline()) {
                    end(line, "it does not come about");
                }
                nextLook = Math.min(nextLook, line.deadline());
            }
            if (ours.line == null) {
                nextLook = Math.min(nextLook, ours.nextTry);
            }
        }
        if (full) {
            full = false;
            for (int listener : listeners) {
                try {
                    poller.hear(listener, listener);
                } catch (LinuxException _) {
                    full = true;
                    nextLook = Math.min(nextLook, now + SECOND);
                }
            }
        }
    }

    // ---- for people

    /// The port that others connect to; 0: none.
    public int listening() {
        return listening;
    }

    /// Any thread.
    public String counts() {
        return "connections: " + lines.size() + ", refused: " + refused.get();
    }

    public DropCounters sendDrops() {
        return sendDrops;
    }

    public List<TcpWriter> writers() {
        return writers;
    }

    @Override
    public void close() {
        for (TcpLine line : List.copyOf(byFd.values())) {
            line.flush();
            close(line);
        }
        for (int listener : listeners) {
            BoundSocket.close(listener);
        }
        listeners.clear();
        poller.close();
        arena.close();
    }
}
