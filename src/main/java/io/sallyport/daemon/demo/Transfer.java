package io.sallyport.daemon.demo;

import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netns.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Some megabytes by TCP from one namespace to another, every octet compared.
final class Transfer {
    private static final int PORT = 5001;
    private static final int CHUNK = 64 * 1024;
    private static final int TIMEOUT_MILLIS = 15_000;

    private Transfer() {}

    /// @return Mbit/s
    /// @throws IOException if it takes too long, or what arrives is not what was sent
    static double run(
            NetworkNamespace from, NetworkNamespace to, IpAddress destination, int megabytes)
            throws IOException {
        long total = megabytes * 1_000_000L;
        InetAddress address = InetAddress.getByAddress(destination.octets().toArray());
        // A socket belongs to the namespace of the thread that makes it, whoever uses it later.
        try (ServerSocket server =
                        to.call(() -> {
                            ServerSocket socket = new ServerSocket();
                            socket.setReuseAddress(true);
                            socket.bind(new InetSocketAddress(address, PORT));
                            return socket;
                        });
                Socket client =
                        from.call(() -> {
                            Socket socket = new Socket();
                            socket.connect(new InetSocketAddress(address, PORT), TIMEOUT_MILLIS);
                            return socket;
                        })) {
            server.setSoTimeout(TIMEOUT_MILLIS);
            long start = System.nanoTime();
            CompletableFuture<Long> received =
                    CompletableFuture.supplyAsync(() -> receive(server, total));
            send(client, total);
            long right = received.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            if (right != total) {
                throw new IOException(right + " of " + total + " octets arrived as they were sent");
            }
            return total * 8 / ((System.nanoTime() - start) / 1e9) / 1e6;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the transfer did not end: " + e, e);
        }
    }

    private static void send(Socket client, long total) throws IOException {
        SplittableRandom random = new SplittableRandom(total);
        byte[] chunk = new byte[CHUNK];
        OutputStream out = client.getOutputStream();
        for (long sent = 0; sent < total; sent += CHUNK) {
            random.nextBytes(chunk);
            out.write(chunk, 0, (int) Math.min(CHUNK, total - sent));
        }
        client.shutdownOutput();
    }

    private static long receive(ServerSocket server, long total) {
        SplittableRandom random = new SplittableRandom(total);
        byte[] expected = new byte[CHUNK];
        long right = 0;
        try (Socket socket = server.accept()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            while (true) {
                byte[] got = in.readNBytes(CHUNK);
                random.nextBytes(expected);
                for (int i = 0; i < got.length; i++) {
                    right += got[i] == expected[i] ? 1 : 0;
                }
                if (got.length < CHUNK) {
                    return right;
                }
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
