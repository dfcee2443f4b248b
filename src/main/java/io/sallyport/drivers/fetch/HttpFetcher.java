package io.sallyport.drivers.fetch;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Clock;
import io.sallyport.model.port.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Fetches by HTTP and HTTPS, within one time limit for everything: name, connection, redirects and
/// the last octet. A server that sends slowly gains nothing by it. Any thread.
///
/// Its sockets are the host's own: where a tunnel covers the server, the request goes through that
/// tunnel. If just that tunnel waits for the answer, the time limit ends the wait.
///
/// Each fetch has a client of its own: revocation is asked for now and then, and a daemon that
/// never asks has no thread and no memory for it.
public final class HttpFetcher implements Fetcher {
    private static final Duration MOST = Duration.ofSeconds(8);
    private static final Duration MOST_TO_CONNECT = Duration.ofSeconds(3);
    private static final int MOST_REDIRECTS = 3;
    private static final int MOST_CHARACTERS = 2048;
    private static final int SHOWN_CHARACTERS = 200;
    private static final int OK = 200;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Clock clock;
    private final Duration most;

    public HttpFetcher(Clock clock) {
        this(clock, MOST);
    }

    /// @param most for one answer, redirects included
    HttpFetcher(Clock clock, Duration most) {
        this.clock = clock;
        this.most = most;
    }

    @Override
    public Octets fetch(Request request) throws Unfetched {
        String name = shown(request.uri());
        URI at = uri(name, request.uri());
        long until = clock.nanos() + most.toNanos();
        HttpClient client = client();
        try {
            return fetch(client, name, at, request, until);
        } finally {
            // Ends what is still under way; close() would wait for it
            client.shutdownNow();
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                // RFC 5280 and 6960 speak of HTTP; old responders stumble over an upgrade
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(MOST_TO_CONNECT)
                .build();
    }

    private Octets fetch(HttpClient client, String name, URI from, Request request, long until)
            throws Unfetched {
        URI at = from;
        for (int redirects = 0; ; redirects++) {
            HttpResponse<byte[]> response =
                    exchange(
                            client, name, question(name, request, at), request.mostOctets(), until);
            int status = response.statusCode();
            if (status == OK) {
                return Octets.owned(response.body());
            }
            Optional<String> elsewhere = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(status) || elsewhere.isEmpty()) {
                throw new Unfetched(name + ": the server answers " + status);
            }
            if (!request.body().isEmpty()) {
                throw new Unfetched(name + ": the server sends a question elsewhere: not followed");
            }
            if (redirects == MOST_REDIRECTS) {
                throw new Unfetched(
                        name + ": it is somewhere else more than " + MOST_REDIRECTS + " times");
            }
            at = further(name, at, elsewhere.get());
        }
    }

    // ---- where

    private static URI uri(String name, String text) throws Unfetched {
        if (text.length() > MOST_CHARACTERS) {
            throw new Unfetched(name + ": a URI of " + text.length() + " characters is not used");
        }
        try {
            return fit(name, URI.create(text));
        } catch (IllegalArgumentException _) {
            throw new Unfetched(name + ": this is no URI");
        }
    }

    private static URI further(String name, URI from, String location) throws Unfetched {
        if (location.length() > MOST_CHARACTERS) {
            throw new Unfetched(name + ": the server sends us to a URI that is too long");
        }
        URI to;
        try {
            to = fit(name, from.resolve(location));
        } catch (IllegalArgumentException _) {
            throw new Unfetched(name + ": the server sends us to what is no URI");
        }
        if (scheme(from).equals("https") && !scheme(to).equals("https")) {
            throw new Unfetched(name + ": the server sends us from https to http: not followed");
        }
        return to;
    }

    private static URI fit(String name, URI uri) throws Unfetched {
        if (!Set.of("http", "https").contains(scheme(uri))) {
            throw new Unfetched(name + ": only http and https are fetched");
        }
        if (uri.getHost() == null) {
            throw new Unfetched(name + ": it names no host");
        }
        if (uri.getUserInfo() != null) {
            throw new Unfetched(name + ": a URI with a user's name is not used");
        }
        return uri;
    }

    private static String scheme(URI uri) {
        String scheme = uri.getScheme();
        return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
    }

    /// A URI is somebody else's text: no control characters in a log.
    private static String shown(String uri) {
        String cut =
                uri.length() > SHOWN_CHARACTERS ? uri.substring(0, SHOWN_CHARACTERS) + "..." : uri;
        return cut.replaceAll("[^\\x21-\\x7e]", "?");
    }

    // ---- asking

    private static HttpRequest question(String name, Request request, URI at) throws Unfetched {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(at);
            return request.body().isEmpty()
                    ? builder.GET().build()
                    : builder.header("Content-Type", request.type())
                            .POST(BodyPublishers.ofByteArray(request.body().toArray()))
                            .build();
        } catch (IllegalArgumentException _) {
            throw new Unfetched(name + ": this cannot be asked for");
        }
    }

    private HttpResponse<byte[]> exchange(
            HttpClient client, String name, HttpRequest question, int mostOctets, long until)
            throws Unfetched {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        question, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostOctets));
        try {
            return answer.get(Math.max(0, until - clock.nanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new Unfetched(name + ": no answer within " + most.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new Unfetched(name + ": " + reason(e.getCause()));
        } catch (CancellationException _) {
            throw new Unfetched(name + ": we are about to end");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Unfetched(name + ": we are about to end");
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "it failed";
        }
        String message = cause.getMessage();
        String kind = cause.getClass().getSimpleName();
        return cause instanceof IOException && message != null ? message : kind;
    }
}
