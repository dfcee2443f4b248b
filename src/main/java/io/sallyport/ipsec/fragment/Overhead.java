package io.sallyport.ipsec.fragment;

import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Udp;

/// What ESP costs: how large an inner packet may be so that the outer one needs no fragmentation.
///
/// ```text
///  |<------------------------- outer MTU -------------------------->|
///  | IP | UDP | ESP | IV |<- a multiple of the alignment ->|  ICV  |
///                        |  inner packet  | padding | 2 |
/// ```
public final class Overhead {
    /// The outer MTU where nothing else is known.
    public static final int ETHERNET = 1500;

    private Overhead() {}

    /// @param outerMtu octets of the largest outer packet, its IP header included
    /// @param udp whether ESP travels in UDP
    public static int innerMtu(int outerMtu, boolean outerV6, boolean udp, EspSuite suite) {
        return innerMtu(outerMtu, outerV6, udp, EspLayout.of(suite));
    }

    /// The same for a layout made before.
    public static int innerMtu(int outerMtu, boolean outerV6, boolean udp, EspLayout layout) {
        int left =
                outerMtu
                        - (outerV6 ? Ipv6.HEADER : Ipv4.HEADER)
                        - (udp ? Udp.HEADER : 0)
                        - layout.header()
                        - layout.icv();
        return left / layout.alignment() * layout.alignment() - Esp.TRAILER;
    }
}
