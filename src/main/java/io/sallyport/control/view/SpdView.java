package io.sallyport.control.view;

/// A policy.
///
/// @param action `protect`, `bypass` or `discard`
/// @param priority 1.. first match; 0: by longest match
/// @param trap whether a packet without an SA asks for one
/// @param up whether it has an SA
/// @param packets that it covered, outbound
public record SpdView(
        String connection,
        String child,
        String link,
        String action,
        String selectors,
        int priority,
        boolean trap,
        boolean up,
        long packets,
        long octets) {}
