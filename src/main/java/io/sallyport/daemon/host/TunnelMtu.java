package io.sallyport.daemon.host;

import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Integrity;
import java.util.List;

/// How large an inner packet may be so that its ESP packet fits the path.
public final class TunnelMtu {
    private static final int UDP_OCTETS = 8;
    private static final int ESP_OCTETS = 8;

    /// Pad length and next header.
    private static final int TRAILER_OCTETS = 2;

    private TunnelMtu() {}

    /// The smallest over all the suites that the proposals allow, in UDP, so that it holds whatever
    /// is negotiated.
    ///
    /// @param v6 whether the outer header is IPv6
    public static int of(List<EspProposal> proposals, int pathMtu, boolean v6) {
        int smallest = pathMtu;
        for (EspProposal proposal : proposals) {
            for (Cipher cipher : proposal.ciphers()) {
                int icv = cipher.encryption().isAead() ? cipher.encryption().icvOctets() : 0;
                if (!cipher.encryption().isAead()) {
                    for (Integrity integrity : proposal.integrity()) {
                        icv = Math.max(icv, integrity.icvOctets());
                    }
                }
                smallest = Math.min(smallest, of(cipher, icv, pathMtu, v6, true));
            }
        }
        return smallest;
    }

    /// AWS publishes these for 1500 and IPv4: 1446 with AES-GCM, 1438 with AES-CBC and SHA-1, and
    /// so on (S3-32).
    public static int of(Cipher cipher, int icvOctets, int pathMtu, boolean v6, boolean udp) {
        int block = Math.max(4, cipher.encryption().blockOctets());
        int room =
                pathMtu
                        - (v6 ? 40 : 20)
                        - (udp ? UDP_OCTETS : 0)
                        - ESP_OCTETS
                        - cipher.encryption().ivOctets()
                        - icvOctets;
        return room / block * block - TRAILER_OCTETS;
    }
}
