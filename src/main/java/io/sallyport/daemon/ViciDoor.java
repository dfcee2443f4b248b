package io.sallyport.daemon;

import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.control.vici.ViciServer;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import java.nio.file.Path;
import java.util.Optional;

/// The vici server of a daemon, where there is one.
final class ViciDoor implements AutoCloseable {
    private final Optional<ViciServer> server;
    private final LogRing log;

    private ViciDoor(Optional<ViciServer> server, LogRing log) {
        this.server = server;
        this.log = log;
    }

    /// Takes the socket; nobody is answered before [#open()].
    ///
    /// @throws Trouble if a socket was asked for by name and cannot be made
    static ViciDoor at(RunRequest.Vici wish, ViciOperator operator, LogRing log) throws Trouble {
        return switch (wish) {
            case RunRequest.Vici.Off _ -> new ViciDoor(Optional.empty(), log);
            case RunRequest.Vici.At(Path socket) ->
                    new ViciDoor(Optional.of(ViciServer.bind(socket, operator)), log);
            case RunRequest.Vici.Usual _ -> usual(operator, log);
        };
    }

    private static ViciDoor usual(ViciOperator operator, LogRing log) {
        try {
            return new ViciDoor(
                    Optional.of(ViciServer.bind(ViciServer.DEFAULT_SOCKET, operator)), log);
        } catch (Trouble taken) {
            log.add(LogLine.info("vici clients are not served: " + taken.what()));
            return new ViciDoor(Optional.empty(), log);
        }
    }

    /// Once what the files say is loaded: a client that comes at the first moment finds it.
    void open() {
        server.ifPresent(s -> {
            s.serve();
            log.add(LogLine.info("vici clients are served on " + s.socket()));
        });
    }

    @Override
    public void close() {
        server.ifPresent(ViciServer::close);
    }
}
