package io.sallyport.control.view;

/// The newest child SA of a tunnel.
///
/// @param state `INSTALLED`, `REKEYING`
/// @param spiIn 8 hexadecimal digits, ours
/// @param spiOut the peer's
/// @param selectors e.g. `0.0.0.0/0 === 0.0.0.0/0`
/// @param pathMtu octets of the largest outer packet, as last known; 0: not known here
public record EspView(
        String state,
        String spiIn,
        String spiOut,
        String suite,
        String selectors,
        int pathMtu,
        AgesView ages) {}
