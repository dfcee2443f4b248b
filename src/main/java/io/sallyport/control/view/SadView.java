package io.sallyport.control.view;

/// A pair of SAs.
///
/// @param child of the connection; empty if it has no name
/// @param link the TUN; empty: the shared one
/// @param protocol `ESP`, `AH` or `AH+ESP`
/// @param mode `tunnel` or `transport`
/// @param active whether outbound packets take it
/// @param spiIn 8 hexadecimal digits, ours
/// @param udp it travels in UDP (RFC 3948)
/// @param tcp it travels in a TCP connection (RFC 9329)
/// @param sequenceOut number of the last packet sent
/// @param highestIn highest number accepted
/// @param dummiesOut dummy packets sent (RFC 4303, 2.6); they are not in `traffic`
/// @param replayWindow packets; 0: off
/// @param engine that runs its packets; `kernel` if none of ours does
/// @param pathMtu octets of the largest outer packet, as last known; 0: not known here
public record SadView(
        String connection,
        String child,
        String link,
        String protocol,
        String mode,
        String suite,
        boolean active,
        String spiIn,
        String spiOut,
        String local,
        String remote,
        boolean udp,
        boolean tcp,
        String selectors,
        long sequenceOut,
        long highestIn,
        long dummiesOut,
        int replayWindow,
        String engine,
        int pathMtu,
        TrafficView traffic) {}
