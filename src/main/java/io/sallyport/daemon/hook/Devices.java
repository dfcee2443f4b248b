package io.sallyport.daemon.hook;

import io.sallyport.base.net.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/// The interfaces of this host.
public final class Devices {
    private Devices() {}

    /// The one that has an address.
    public static Optional<String> with(IpAddress address) {
        try {
            return Optional.ofNullable(
                            NetworkInterface.getByInetAddress(
                                    InetAddress.getByName(address.toString())))
                    .map(NetworkInterface::getName);
        } catch (SocketException | UnknownHostException _) {
            return Optional.empty();
        }
    }
}
