package io.sallyport.control.server;

import io.sallyport.control.local.Trouble;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Listens on a unix socket of mode 0600 and gives each caller a session on a virtual thread.
public final class ControlServer implements AutoCloseable {
    /// Callers at one time; one more is told so and sent away.
    static final int SESSION_LIMIT = 64;

    private final Berth berth;
    private final Operator operator;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    private ControlServer(Berth berth, Operator operator) {
        this.berth = berth;
        this.operator = operator;
    }

    /// Binds `socket` and begins to answer. A socket on which nobody answers is replaced.
    ///
    /// @throws Trouble if another daemon answers there, or the socket cannot be made
    public static ControlServer start(Path socket, Operator operator) throws Trouble {
        ControlServer server = new ControlServer(Berth.take(socket, "--socket"), operator);
        Thread.ofVirtual().name("control").start(server::accept);
        return server;
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel caller = berth.listener().accept();
                boolean room = sessions.size() < SESSION_LIMIT;
                Session session = new Session(caller, operator, room, sessions::remove);
                sessions.add(session);
                Thread.ofVirtual().name("control-session").start(session::serve);
            } catch (ClosedChannelException _) {
                sessions.forEach(Session::close);
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
        sessions.forEach(Session::close);
    }
}
