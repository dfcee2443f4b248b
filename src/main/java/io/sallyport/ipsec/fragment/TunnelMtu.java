package io.sallyport.ipsec.fragment;

import io.sallyport.ipsec.path.PathMtu;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.model.sa.Carriage;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import org.jspecify.annotations.Nullable;

/// The largest inner packet: what the link says (S3-32: 1419), else what suite and carriage leave
/// of what the path takes, whichever is less.
public final class TunnelMtu {
    private TunnelMtu() {}

    /// @param pathMtu octets of the largest outer packet, [PathMtu#ETHERNET] where nothing is known
    /// @param link null: nothing is said of it
    /// @param outer of the AH round a bundle's ESP, null: there is none
    public static int of(
            int pathMtu,
            @Nullable LinkSettings link,
            Carriage carriage,
            EspLayout layout,
            boolean transport,
            boolean ah,
            @Nullable EspLayout outer) {
        if (link != null && link.mtu() != 0 && !transport) {
            return pathMtu == PathMtu.ETHERNET
                    ? link.mtu()
                    : Math.min(link.mtu(), computed(pathMtu, carriage, layout, false, ah, outer));
        }
        return computed(pathMtu, carriage, layout, transport, ah, outer);
    }

    private static int computed(
            int pathMtu,
            Carriage carriage,
            EspLayout layout,
            boolean transport,
            boolean ah,
            @Nullable EspLayout outer) {
        boolean v6 = carriage.path().remote().address().v6();
        int header = v6 ? Ipv6.HEADER : Ipv4.HEADER;
        int inner =
                ah
                        ? pathMtu - header - Ah.octets(layout.icv(), v6)
                        : Overhead.innerMtu(pathMtu, v6, carriage.udp(), layout);
        if (outer != null) {
            int round = Ah.octets(outer.icv(), v6);
            inner = Overhead.innerMtu(pathMtu - round, v6, false, layout);
        }
        // In transport mode the IP header is there once only
        return transport ? inner + header : inner;
    }
}
