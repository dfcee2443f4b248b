package io.sallyport.ipsec.sad;

import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.wire.esp.Esp;

/// Where the parts of an ESP packet of one suite stand, in octets.
///
/// ```text
///  |<---- header() ---->|<- a multiple of alignment ->|<- icv ->|
///  | SPI | sequence | IV | payload, padding, trailer  |   ICV   |
/// ```
///
/// @param alignment what the encrypted part is a multiple of
public record EspLayout(int alignment, int iv, int icv) {
    public static EspLayout of(EspSuite suite) {
        // RFC 4303, 2.4: padding also "may be required, irrespective of encryption algorithm
        // requirements, to ensure that the resulting ciphertext terminates on a 4-byte boundary"
        int block = suite.cipher().encryption().blockOctets();
        return new EspLayout(
                Math.max(4, block), suite.cipher().encryption().ivOctets(), suite.icvOctets());
    }

    /// Octets in front of the payload.
    public int header() {
        return Esp.HEADER + iv;
    }

    /// Octets of padding behind a payload of `payload` octets.
    public int padding(int payload) {
        int rest = (payload + Esp.TRAILER) % alignment;
        return rest == 0 ? 0 : alignment - rest;
    }

    /// Octets of the smallest packet: an empty payload.
    public int smallest() {
        return header() + alignment + icv;
    }
}
