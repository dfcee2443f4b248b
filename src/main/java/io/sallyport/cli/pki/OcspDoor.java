package io.sallyport.cli.pki;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.base.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A responder by HTTP (RFC 6960, appendix A.1): questions by POST, or in the path of a GET.
final class OcspDoor implements AutoCloseable {
    private static final int MOST_OCTETS = 1 << 16;
    private static final int WAITING = 64;
    private static final int BAD_REQUEST = 400;

    private final Responder responder;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private OcspDoor(Responder responder, HttpServer server) {
        this.responder = responder;
        this.server = server;
    }

    static OcspDoor open(Responder responder, InetSocketAddress at) throws IOException {
        OcspDoor door = new OcspDoor(responder, HttpServer.create(at, WAITING));
        door.server.createContext("/", door::handle);
        door.server.setExecutor(door.threads);
        door.server.start();
        return door;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Octets question =
                    switch (exchange.getRequestMethod()) {
                        case "POST" -> posted(exchange);
                        case "GET" -> inPath(exchange.getRequestURI().getRawPath());
                        default -> Octets.EMPTY;
                    };
            if (question.isEmpty()) {
                exchange.sendResponseHeaders(BAD_REQUEST, -1);
                return;
            }
            byte[] answer = responder.answer(question).toArray();
            exchange.getResponseHeaders().set("Content-Type", "application/ocsp-response");
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        }
    }

    /// Empty: there is none, or more than anybody asks.
    private static Octets posted(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] octets = in.readNBytes(MOST_OCTETS + 1);
            return octets.length > MOST_OCTETS ? Octets.EMPTY : Octets.owned(octets);
        }
    }

    /// "{url}/{url-encoding of base-64 encoding of the DER encoding of the OCSPRequest}"
    private static Octets inPath(String path) {
        try {
            String text = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.US_ASCII);
            return Octets.owned(Base64.getDecoder().decode(text.substring(1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            return Octets.EMPTY;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
