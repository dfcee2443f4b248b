package io.sallyport.daemon.loop;

import io.sallyport.daemon.host.HostPlan;
import io.sallyport.daemon.host.LinkWish;
import io.sallyport.daemon.host.LinuxSystem;
import io.sallyport.drivers.tun.TunDevice;
import io.sallyport.ipsec.UserspaceBackend;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Gives TUNs their numbers and joins them to the packet road. The IKE loop's thread owns it.
public final class Links implements LinuxSystem.TunOpener {
    private static final long PATIENCE_SECONDS = 5;

    private final UserspaceBackend backend;
    private final Workers workers;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, List<TunDevice>> open = new HashMap<>();

    public Links(UserspaceBackend backend, Workers workers) {
        this.backend = backend;
        this.workers = workers;
        numbers.put(HostPlan.SHARED, 0);
        backend.link("", 0);
    }

    @Override
    public void open(LinkWish wish) throws IOException {
        int number = numbers.computeIfAbsent(wish.name(), _ -> numbers.size());
        // In `Owner` the shared TUN has no name.
        String owner = number == 0 ? "" : wish.name();
        backend.link(owner, number, wish.mtu());
        List<TunDevice> queues = TunDevice.openQueues(wish.name(), number, workers.count());
        try {
            await(workers.add(queues));
        } catch (IOException e) {
            close(queues);
            throw e;
        }
        open.put(wish.name(), queues);
    }

    @Override
    public void close(String name) throws IOException {
        List<TunDevice> queues = open.remove(name);
        if (queues != null) {
            close(queues);
        }
    }

    /// Any worker may write by any queue, so that none is closed before all have let go. Of a
    /// worker that does not answer they stay open until the process ends.
    private void close(List<TunDevice> queues) throws IOException {
        await(workers.remove(queues));
        queues.forEach(TunDevice::close);
    }

    private static void await(CompletableFuture<@Nullable Void> done) throws IOException {
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("an outbound worker gave no answer", e);
        }
    }
}
