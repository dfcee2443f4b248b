package io.sallyport.crypto.jce;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/// Where the IVs of an outbound SA come from. One thread.
interface InitialVectors {
    /// Octets of an SPI and a sequence number; the IV follows them.
    int HEADER = 8;

    /// Writes the IV behind SPI and sequence number, which are in place already.
    void write(byte[] packet, int sequenceHigh);

    /// The extended sequence number, which never comes twice under one key: the SA ends before it
    /// would (RFC 4303, 3.3.3).
    ///
    /// RFC 3686, 3.1: "The IV MUST be chosen by the encryptor in a manner that ensures that the
    /// same IV value is used only once for a given key." RFC 4106, 3.1: "For a given key, the IV
    /// MUST NOT repeat." RFC 7634, 2, too, asks for uniqueness and not for unpredictability.
    static InitialVectors sequence() {
        return (packet, sequenceHigh) -> {
            packet[HEADER] = (byte) (sequenceHigh >>> 24);
            packet[HEADER + 1] = (byte) (sequenceHigh >>> 16);
            packet[HEADER + 2] = (byte) (sequenceHigh >>> 8);
            packet[HEADER + 3] = (byte) sequenceHigh;
            System.arraycopy(packet, 4, packet, HEADER + 4, 4);
        };
    }

    /// For NULL.
    static InitialVectors none() {
        return (_, _) -> {};
    }

    /// For CBC: see [IvStream].
    static InitialVectors unpredictable(int octets, SecureRandom random)
            throws GeneralSecurityException {
        IvStream stream = new IvStream(random);
        return (packet, _) -> {
            int at = stream.next(octets);
            System.arraycopy(stream.octets(), at, packet, HEADER, octets);
        };
    }
}
