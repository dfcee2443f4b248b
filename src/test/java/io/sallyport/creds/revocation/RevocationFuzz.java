package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;

/// What an answerer or a place of lists sends: revocation lists and OCSP answers.
public final class RevocationFuzz {
    private RevocationFuzz() {}

    public static void feed(byte[] input) {
        Octets octets = Octets.of(input);
        try {
            Crl.parse(octets);
        } catch (Unbelieved _) {
            // refused by its own word
        }
        try {
            OcspAnswer.parse(octets);
        } catch (Unbelieved _) {
            // refused by its own word
        }
    }
}
