package io.sallyport.drivers.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.base.Octets;
import io.sallyport.base.time.Clock;
import io.sallyport.model.port.Fetcher.Request;
import io.sallyport.model.port.Fetcher.Unfetched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a server of the JDK on the loopback, true and hostile.
class HttpFetcherTest {
    private static final Octets LIST = Octets.ascii("a revocation list");
    private static final Clock CLOCK =
            new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public Instant now() {
                    return Instant.now();
                }
            };

    private final HttpFetcher fetcher = new HttpFetcher(CLOCK);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private String root;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/list", e -> reply(e, 200, LIST));
        server.createContext("/gone", e -> reply(e, 404, LIST));
        server.createContext("/moved", e -> sendTo(e, "/list"));
        server.createContext("/round", e -> sendTo(e, "/round"));
        server.createContext("/astray", e -> sendTo(e, "file:///etc/passwd"));
        server.createContext("/nowhere", e -> reply(e, 302, Octets.EMPTY));
        server.createContext(
                "/echo",
                e -> {
                    Octets body = Octets.owned(e.getRequestBody().readAllBytes());
                    String type = e.getRequestHeaders().getFirst("Content-Type");
                    reply(e, 200, Octets.concat(Octets.ascii(type + ":"), body));
                });
        server.createContext(
                "/drip",
                e -> {
                    e.sendResponseHeaders(200, 0);
                    e.getResponseBody().write('a');
                    e.getResponseBody().flush();
                    await();
                });
        server.start();
        root = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void close() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reply(HttpExchange exchange, int status, Octets body) throws IOException {
        asked.incrementAndGet();
        exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
        exchange.getResponseBody().write(body.toArray());
        exchange.close();
    }

    private void sendTo(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        reply(exchange, 302, Octets.EMPTY);
    }

    private String refusal(HttpFetcher by, Request request) {
        return String.valueOf(assertThrows(Unfetched.class, () -> by.fetch(request)).getMessage());
    }

    @Test
    void whatIsThereComesWhole() throws Unfetched {
        assertEquals(LIST, fetcher.fetch(Request.get(root + "/list", LIST.length())));
        assertEquals(LIST, fetcher.fetch(Request.get(root + "/moved", LIST.length())));
    }

    @Test
    void aQuestionIsPostedWithItsType() throws Unfetched {
        Request question = new Request(root + "/echo", LIST, "application/ocsp-request", 1000);
        assertEquals("application/ocsp-request:" + LIST.text(), fetcher.fetch(question).text());
    }

    @Test
    void oneOctetMoreThanAskedForIsRefused() {
        String why = refusal(fetcher, Request.get(root + "/list", LIST.length() - 1));
        assertTrue(why.startsWith(root + "/list: "), why);
        assertEquals(1, asked.get());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/gone|the server answers 404",
                "/nowhere|the server answers 302",
                "/round|it is somewhere else more than 3 times",
                "/astray|only http and https are fetched",
            })
    void theReasonNamesThePlaceThatWasAskedFor(String path, String reason) {
        assertEquals(root + path + ": " + reason, refusal(fetcher, Request.get(root + path, 100)));
    }

    @Test
    void aQuestionIsSentNowhereElse() {
        Request question = new Request(root + "/moved", LIST, "application/ocsp-request", 100);
        assertEquals(
                root + "/moved: the server sends a question elsewhere: not followed",
                refusal(fetcher, question));
        assertEquals(1, asked.get());
    }

    /// Headers and an octet are there; the rest never comes.
    @Test
    void aServerThatDripsDoesNotHoldUs() {
        HttpFetcher hasty = new HttpFetcher(CLOCK, Duration.ofMillis(300));
        assertEquals(
                root + "/drip: no answer within 300 ms",
                refusal(hasty, Request.get(root + "/drip", 100)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ldap://ca.example/cn=ca|ldap://ca.example/cn=ca: only http and https are fetched",
                "file:///etc/passwd|file:///etc/passwd: only http and https are fetched",
                "/a.crl|/a.crl: only http and https are fetched",
                "http:///a.crl|http:///a.crl: it names no host",
                "http://a@ca.example/|http://a@ca.example/: a URI with a user's name is not used",
                "http://ca.example/a b|http://ca.example/a?b: this is no URI",
            })
    void whatCannotBeAskedForIsNotTried(String uri, String reason) {
        assertEquals(reason, refusal(fetcher, Request.get(uri, 100)));
    }

    @Test
    void aUriIsNoWayIntoTheLog() {
        assertEquals(
                "http://a/?[31m?forged: this is no URI",
                refusal(fetcher, Request.get("http://a/\u001b[31m\nforged", 100)));
        String why = refusal(fetcher, Request.get("http://a/" + "b".repeat(3000), 100));
        assertTrue(why.endsWith("...: a URI of 3009 characters is not used"), why);
    }
}
