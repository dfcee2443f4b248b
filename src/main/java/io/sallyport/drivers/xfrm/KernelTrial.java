package io.sallyport.drivers.xfrm;

import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.model.sa.VolumeLimits;
import java.io.IOException;
import java.util.Optional;

/// Whether this kernel can be the data plane: it is if it takes an SA. Reading `/proc/config` or
/// looking for modules would tell less: modules come when they are needed, containers forbid.
public final class KernelTrial {
    /// RFC 5737: no packet ever goes there.
    private static final IpAddress HERE = IpAddress.of("192.0.2.1");

    private static final IpAddress THERE = IpAddress.of("192.0.2.2");
    private static final int SPI = 0x5a117e57;

    private KernelTrial() {}

    /// Adds an SA and deletes it again.
    ///
    /// @return why the kernel cannot; empty: it can
    public static Optional<String> refused() {
        try (NetlinkSocket socket = NetlinkSocket.open(Sockets.NETLINK_XFRM)) {
            StateMessages.Id id = new StateMessages.Id(THERE, SPI, KernelSa.ESP);
            socket.ask(trial(id), "add a state on trial");
            socket.ask(StateMessages.delete(id), "delete the state on trial");
            return Optional.empty();
        } catch (LinuxException e) {
            return Optional.of("the kernel has no XFRM: " + e.getMessage());
        } catch (IOException e) {
            return Optional.of("the kernel takes no ESP: " + e.getMessage());
        }
    }

    private static NetlinkMessage trial(StateMessages.Id id) {
        NetlinkMessage message =
                StateMessages.add(
                        new StateMessages.Wish(
                                id,
                                HERE,
                                Xfrm.XFRM_MODE_TUNNEL,
                                1,
                                Xfrm.XFRM_STATE_AF_UNSPEC,
                                0,
                                0,
                                Optional.empty(),
                                VolumeLimits.NONE,
                                Optional.empty()));
        EspSuite suite =
                new EspSuite(
                        Cipher.of(Encryption.AES_CBC, 128),
                        Integrity.HMAC_SHA1_96,
                        Group.NONE,
                        false);
        KernelAlgorithms.add(
                message, suite, Secret.owned(new byte[16]), Secret.owned(new byte[20]));
        return message;
    }
}
