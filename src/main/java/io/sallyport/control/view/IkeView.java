package io.sallyport.control.view;

/// The IKE SA of a tunnel.
///
/// @param state e.g. `ESTABLISHED`, `MAIN-1 SENT`
/// @param version `IKEv1` or `IKEv2`
/// @param initiatorSpi 16 hexadecimal digits (IKEv1: the cookie)
/// @param suite e.g. `aes128-sha1-modp1024`
public record IkeView(
        String state,
        String version,
        boolean initiator,
        String initiatorSpi,
        String responderSpi,
        String suite,
        AgesView ages,
        LivenessView liveness) {}
