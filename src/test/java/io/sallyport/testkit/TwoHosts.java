package io.sallyport.testkit;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.route.LinuxNetwork;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/// Two namespaces joined by a cable `wire`-`wire`: left is 10.1.0.1/24 and fd01::1/64, right
/// 10.1.0.2/24 and fd01::2/64. For tests tagged "lab".
public final class TwoHosts implements AutoCloseable {
    private final NetworkNamespace left;
    private final NetworkNamespace right;

    private TwoHosts(NetworkNamespace left, NetworkNamespace right) {
        this.left = left;
        this.right = right;
    }

    /// Skips the test, loudly, where namespaces cannot be made.
    public static void requireRoot() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.err.println("LAB SKIPPED: needs root for network namespaces");
        }
        Assumptions.assumeTrue(root, "needs root for network namespaces");
    }

    /// One host alone, its loopback up.
    public static NetworkNamespace loneHost(String name) throws IOException {
        requireRoot();
        NetworkNamespace host = NetworkNamespace.create(name);
        host.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open()) {
                network.links().up("lo");
            }
            return null;
        });
        return host;
    }

    public static TwoHosts connected() throws IOException {
        NetworkNamespace left = loneHost("drivers-left");
        NetworkNamespace right = loneHost("drivers-right");
        left.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open()) {
                network.links().addVeth("wire", "wire", right.fd());
            }
            return null;
        });
        plug(left, 1);
        plug(right, 2);
        return new TwoHosts(left, right);
    }

    private static void plug(NetworkNamespace host, int number) throws IOException {
        host.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open()) {
                network.links().up("wire");
                for (String address :
                        new String[] {"10.1.0." + number + "/24", "fd01::" + number + "/64"}) {
                    network.addresses().add("wire", InsideAddress.parse(address).orElseThrow());
                }
            }
            return null;
        });
    }

    public NetworkNamespace left() {
        return left;
    }

    public NetworkNamespace right() {
        return right;
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
