package io.sallyport.ike.sa;

import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Output;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which IKE SAs use which TCP connections (RFC 9329). The host is told when the first begins and
/// when the last has ended: it dials ours, and lets those of others stay.
///
/// A session has one, and a second one while it moves. RFC 9329, 6.1: "Multiple IKE SAs MUST NOT
/// share a single TCP connection, unless one is a rekey of an existing IKE SA": so each that we
/// begin is given a path of its own ([#fresh]), and who succeeds it takes that over.
public final class TcpLines {
    /// RFC 6335, 6: the dynamic ports.
    private static final int FIRST_PORT = 49_152;

    private static final int PORTS = 65_536 - FIRST_PORT;

    private final EngineContext context;
    private final Map<Path, Set<IkeSession>> users = new HashMap<>();
    private final Map<IkeSession, Set<Path>> used = new HashMap<>();

    /// Those that the host dials, and has not to be told to keep.
    private final Set<Path> dialled = new HashSet<>();

    TcpLines(EngineContext context) {
        this.context = context;
    }

    /// `path`, or, if that is by TCP, one between the same ends that nobody uses. RFC 9329, 6.5,
    /// wants the ports in the NAT detection payloads, so ours is chosen here.
    public Path fresh(Path path) {
        if (!path.tcp()) {
            return path;
        }
        Path fresh;
        do {
            int port = FIRST_PORT + (int) context.entropy().below(PORTS);
            fresh = path.overTcp(port, path.remote().port());
        } while (users.containsKey(fresh));
        return fresh;
    }

    /// A connection of ours is wanted by `session`, if its path is one.
    public void dial(IkeSession session, Path path) {
        if (add(session, path)) {
            dialled.add(path);
            context.out().add(new Output.Dial(path));
        }
    }

    /// An authentic message came along `path`. Where that is a connection of the peer's which
    /// `session` uses, it may be a new one between the same ports, to be kept as the one before it.
    public void heard(IkeSession session, Path path) {
        boolean uses = used.getOrDefault(session, Set.of()).contains(path);
        if (uses && !dialled.contains(path)) {
            context.out().add(new Output.KeepTcp(path));
        }
    }

    /// `session`, which is authenticated, goes along its path, and along no other any more.
    public void settle(IkeSession session) {
        Path path = session.path();
        if (add(session, path)) {
            context.out().add(new Output.KeepTcp(path));
        }
        for (Path other : List.copyOf(used.getOrDefault(session, Set.of()))) {
            if (!other.equals(path)) {
                leave(session, other);
            }
        }
    }

    /// @return whether it is used now, and was not before
    private boolean add(IkeSession session, Path path) {
        if (!path.tcp()) {
            return false;
        }
        used.computeIfAbsent(session, _ -> new LinkedHashSet<>()).add(path);
        Set<IkeSession> of = users.computeIfAbsent(path, _ -> new LinkedHashSet<>());
        return of.add(session) && of.size() == 1;
    }

    /// The peer has deleted `session`, which is there only to answer once more if it is asked
    /// again: that keeps no connection which others use beyond their end.
    public void cede(IkeSession session) {
        for (Path path : List.copyOf(used.getOrDefault(session, Set.of()))) {
            if (users.getOrDefault(path, Set.of()).size() > 1) {
                leave(session, path);
            }
        }
    }

    /// Nothing of `session` is left.
    void leave(IkeSession session) {
        for (Path path : List.copyOf(used.getOrDefault(session, Set.of()))) {
            leave(session, path);
        }
    }

    private void leave(IkeSession session, Path path) {
        Set<Path> of = used.get(session);
        if (of != null && of.remove(path) && of.isEmpty()) {
            used.remove(session);
        }
        Set<IkeSession> by = users.get(path);
        if (by != null && by.remove(session) && by.isEmpty()) {
            users.remove(path);
            dialled.remove(path);
            context.out().add(new Output.HangUp(path));
        }
    }

    /// Who uses a connection.
    public List<IkeSession> users(Path path) {
        return List.copyOf(users.getOrDefault(path, Set.of()));
    }

    /// Connections in use.
    public int size() {
        return users.size();
    }
}
