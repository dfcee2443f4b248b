package io.sallyport.ipsec.spd;

/// What the packet road knows of a TUN.
///
/// @param number as in the batch's link, 0..65535
/// @param mtu largest inner packet in octets; 0: computed from suite and carriage for an outer path
///   of 1500 octets
public record LinkSettings(int number, int mtu) {
    /// RFC 791, 3.2: "Every internet module must be able to forward a datagram of 68 octets without
    /// further fragmentation."
    public static final int SMALLEST_MTU = 68;

    public LinkSettings {
        if (number < 0 || number > 0xffff) {
            throw new IllegalArgumentException("link number " + number);
        }
        if (mtu != 0 && (mtu < SMALLEST_MTU || mtu > 0xffff)) {
            throw new IllegalArgumentException("MTU " + mtu);
        }
    }
}
