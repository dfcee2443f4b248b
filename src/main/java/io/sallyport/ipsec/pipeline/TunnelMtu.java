package io.sallyport.ipsec.pipeline;

import io.sallyport.ipsec.fragment.Overhead;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.model.sa.Carriage;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import org.jspecify.annotations.Nullable;

/// The largest inner packet: what the link says (S3-32: 1419), else what suite and carriage leave
/// of 1500.
final class TunnelMtu {
    private TunnelMtu() {}

    static int of(
            @Nullable LinkSettings link,
            Carriage carriage,
            EspLayout layout,
            boolean transport,
            boolean ah,
            @Nullable EspLayout outer) {
        if (link != null && link.mtu() != 0 && !transport) {
            return link.mtu();
        }
        boolean v6 = carriage.path().remote().address().v6();
        int header = v6 ? Ipv6.HEADER : Ipv4.HEADER;
        int inner =
                ah
                        ? Overhead.ETHERNET - header - Ah.octets(layout.icv(), v6)
                        : Overhead.innerMtu(Overhead.ETHERNET, v6, carriage.udp(), layout);
        if (outer != null) {
            int round = Ah.octets(outer.icv(), v6);
            inner = Overhead.innerMtu(Overhead.ETHERNET - round, v6, false, layout);
        }
        // In transport mode the IP header is there once only
        return transport ? inner + header : inner;
    }
}
