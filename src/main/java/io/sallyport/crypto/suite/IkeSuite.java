package io.sallyport.crypto.suite;

/// The algorithms an IKE SA uses. `integrity` is `NONE` with an AEAD, and unused by IKEv1.
public record IkeSuite(Cipher cipher, Integrity integrity, Prf prf, Group group) {
    @Override
    public String toString() {
        return cipher + "-" + (integrity == Integrity.NONE ? prf : integrity) + "-" + group;
    }
}
