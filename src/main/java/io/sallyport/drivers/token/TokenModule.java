package io.sallyport.drivers.token;

import io.sallyport.ffi.cryptoki.Cryptoki;
import io.sallyport.ffi.cryptoki.CryptokiException;
import io.sallyport.model.port.Tokens.Unread;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One module and the thread of its own that alone calls it. Whoever asks waits, but not for ever:
/// a reader that hangs takes only its own module with it.
final class TokenModule implements AutoCloseable {
    /// A smart card signs within two seconds.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// More would not be done in time.
    private static final int MOST_WAITING = 64;

    /// What is done on the module's thread.
    interface Work<T> {
        T with(TokenSessions sessions) throws CryptokiException, Unread;
    }

    private final String path;
    private final TokenSessions sessions;
    private final ThreadPoolExecutor thread;

    private TokenModule(String path, TokenSessions sessions) {
        this.path = path;
        this.sessions = sessions;
        this.thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_WAITING),
                        Thread.ofPlatform().daemon().name("sallyport-token").factory());
    }

    static TokenModule open(String path) throws Unread {
        try {
            Path file = Path.of(path);
            if (!file.isAbsolute()) {
                throw new Unread("module " + path + ": its path is not absolute");
            }
            if (!Files.isRegularFile(file)) {
                throw new Unread("module " + path + ": there is no such file");
            }
            return of(path, Cryptoki.load(file));
        } catch (InvalidPathException _) {
            throw new Unread("module " + path + ": it is no file name");
        } catch (IllegalArgumentException e) {
            throw new Unread("module " + path + " is not to be loaded: " + e.getMessage());
        } catch (CryptokiException e) {
            throw new Unread("module " + path + ": " + e.why());
        }
    }

    static TokenModule of(String path, Cryptoki cryptoki) throws Unread {
        TokenModule module = new TokenModule(path, new TokenSessions(path, cryptoki));
        boolean _ =
                module.ask(_ -> {
                    cryptoki.initialize();
                    return true;
                });
        return module;
    }

    <T> T ask(Work<T> work) throws Unread {
        Future<T> answer;
        try {
            answer = thread.submit(() -> work.with(sessions));
        } catch (RejectedExecutionException _) {
            throw new Unread(
                    thread.isShutdown()
                            ? "module " + path + " is closed"
                            : "module " + path + " has too much to do");
        }
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            // What has begun goes on; what has not is not begun for nobody
            answer.cancel(false);
            throw new Unread(
                    "module " + path + " does not answer in " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException _) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new Unread("module " + path + " was not waited for: we stop");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Unread told -> throw told;
                case CryptokiException bad -> throw new Unread("module " + path + ": " + bad.why());
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    String path() {
        return path;
    }

    /// Logs out and ends the module, if it answers.
    @Override
    public void close() {
        try {
            boolean _ =
                    ask(all -> {
                        all.end();
                        return true;
                    });
        } catch (Unread _) {
            // it is left as it is: we end anyway
        }
        thread.shutdown();
    }
}
