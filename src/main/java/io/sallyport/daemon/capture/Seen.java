package io.sallyport.daemon.capture;

/// A packet that passed a tap.
///
/// @param epochNanos when, since 1970-01-01 00:00 UTC
/// @param inner as a TUN has it; else as the outer network has it
/// @param out towards the peer
/// @param link number of the TUN, of an inner packet
/// @param ip the packet, from its IP header on
/// @param spi of its SA; 0: none
/// @param verdict what became of it, for people; may be empty
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy more would be one a packet
record Seen(
        long epochNanos, boolean inner, boolean out, int link, byte[] ip, int spi, String verdict) {
    Seen with(int itsSpi, String itsVerdict) {
        return new Seen(epochNanos, inner, out, link, ip, itsSpi, itsVerdict);
    }
}
