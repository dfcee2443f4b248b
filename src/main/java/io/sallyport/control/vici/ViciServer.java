package io.sallyport.control.vici;

import io.sallyport.control.local.Trouble;
import io.sallyport.control.server.Berth;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Listens on a unix socket of mode 0600, as charon does on its own, and gives each caller a
/// session on virtual threads.
public final class ViciServer implements AutoCloseable {
    /// charon's place on Debian, where `swanctl` looks unless told otherwise.
    public static final Path DEFAULT_SOCKET = Path.of("/run/charon.vici");

    /// Callers at one time; one more is sent away.
    static final int SESSION_LIMIT = 64;

    private final Path socket;
    private final Berth berth;
    private final ViciOperator operator;
    private final Set<ViciSession> sessions = ConcurrentHashMap.newKeySet();

    private ViciServer(Path socket, Berth berth, ViciOperator operator) {
        this.socket = socket;
        this.berth = berth;
        this.operator = operator;
    }

    /// Binds `socket`. A socket on which nobody answers is replaced. Who calls waits in the
    /// kernel's queue until [#serve()].
    ///
    /// @throws Trouble if another daemon answers there, or the socket cannot be made
    public static ViciServer bind(Path socket, ViciOperator operator) throws Trouble {
        return new ViciServer(socket, Berth.take(socket, "--vici"), operator);
    }

    public Path socket() {
        return socket;
    }

    /// Begins to answer; once.
    public void serve() {
        Thread.ofVirtual().name("vici").start(this::accept);
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel caller = berth.listener().accept();
                if (sessions.size() >= SESSION_LIMIT) {
                    caller.close();
                    continue;
                }
                ViciSession session = new ViciSession(caller, operator, sessions::remove);
                sessions.add(session);
                Thread.ofVirtual().name("vici-session").start(session::serve);
            } catch (ClosedChannelException _) {
                sessions.forEach(ViciSession::close);
                return;
            } catch (IOException _) {
                // No descriptor left: a caller that ends gives one back.
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    /// Stops listening, ends every session and removes the socket.
    @Override
    public void close() {
        try {
            berth.close();
        } catch (IOException _) {
            // It listens no more; a socket file that could not be removed is stale to the next one.
        }
        sessions.forEach(ViciSession::close);
    }
}
