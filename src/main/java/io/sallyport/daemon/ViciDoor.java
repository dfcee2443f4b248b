package io.sallyport.daemon;

import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.control.vici.ViciServer;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import java.util.Optional;

/// The vici server of a daemon, where there is one.
final class ViciDoor implements AutoCloseable {
    private final Optional<ViciServer> server;

    private ViciDoor(Optional<ViciServer> server) {
        this.server = server;
    }

    /// @throws Trouble if a socket was asked for by name and cannot be made
    static ViciDoor open(RunRequest.Vici wish, ViciOperator operator, LogRing log) throws Trouble {
        return switch (wish) {
            case RunRequest.Vici.Off _ -> new ViciDoor(Optional.empty());
            case RunRequest.Vici.At(var socket) -> {
                ViciServer server = ViciServer.start(socket, operator);
                log.add(LogLine.info("vici clients are served on " + socket));
                yield new ViciDoor(Optional.of(server));
            }
            case RunRequest.Vici.Usual _ -> usual(operator, log);
        };
    }

    private static ViciDoor usual(ViciOperator operator, LogRing log) {
        try {
            ViciServer server = ViciServer.start(ViciServer.DEFAULT_SOCKET, operator);
            log.add(LogLine.info("vici clients are served on " + ViciServer.DEFAULT_SOCKET));
            return new ViciDoor(Optional.of(server));
        } catch (Trouble taken) {
            log.add(LogLine.info("vici clients are not served: " + taken.what()));
            return new ViciDoor(Optional.empty());
        }
    }

    @Override
    public void close() {
        server.ifPresent(ViciServer::close);
    }
}
