package io.sallyport.ipsec.pipeline;

import io.sallyport.ipsec.fragment.Overhead;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.model.sa.Carriage;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import org.jspecify.annotations.Nullable;

/// The largest inner packet: what the link says (S3-32: 1419), else what suite and carriage leave
/// of 1500.
final class TunnelMtu {
    private TunnelMtu() {}

    /// As below; in transport mode the IP header is there once only.
    static int of(
            @Nullable LinkSettings link, Carriage carriage, EspLayout layout, boolean transport) {
        if (!transport) {
            return of(link, carriage, layout);
        }
        boolean v6 = carriage.path().remote().address().v6();
        return of(null, carriage, layout) + (v6 ? Ipv6.HEADER : Ipv4.HEADER);
    }

    static int of(@Nullable LinkSettings link, Carriage carriage, EspLayout layout) {
        if (link != null && link.mtu() != 0) {
            return link.mtu();
        }
        return Overhead.innerMtu(
                Overhead.ETHERNET, carriage.path().remote().address().v6(), carriage.udp(), layout);
    }
}
