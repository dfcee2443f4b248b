package io.sallyport.creds.revocation;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Work that several want at once is done once, and all of them get what comes of it.
final class SharedWork<K, V> {
    private final Map<K, CompletableFuture<V>> running = new ConcurrentHashMap<>();

    V run(K key, Supplier<V> work) {
        CompletableFuture<V> ours = new CompletableFuture<>();
        CompletableFuture<V> theirs = running.putIfAbsent(key, ours);
        if (theirs != null) {
            return theirs.join();
        }
        try {
            V done = work.get();
            ours.complete(done);
            return done;
        } catch (RuntimeException | Error e) {
            ours.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(key, ours);
        }
    }
}
