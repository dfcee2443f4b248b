package io.sallyport.ipsec.pipeline;

import io.sallyport.ipsec.fragment.Overhead;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.model.sa.Carriage;
import org.jspecify.annotations.Nullable;

/// The largest inner packet: what the link says (S3-32: 1419), else what suite and carriage leave
/// of 1500.
final class TunnelMtu {
    private TunnelMtu() {}

    static int of(@Nullable LinkSettings link, Carriage carriage, EspLayout layout) {
        if (link != null && link.mtu() != 0) {
            return link.mtu();
        }
        return Overhead.innerMtu(
                Overhead.ETHERNET, carriage.path().remote().address().v6(), carriage.udp(), layout);
    }
}
