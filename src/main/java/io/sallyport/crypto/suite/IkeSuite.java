package io.sallyport.crypto.suite;

import java.util.List;

/// The algorithms an IKE SA uses. `integrity` is `NONE` with an AEAD, and unused by IKEv1.
///
/// @param additional further key exchanges in the order they are done (RFC 9370)
public record IkeSuite(
        Cipher cipher, Integrity integrity, Prf prf, Group group, List<Group> additional) {
    public IkeSuite {
        additional = List.copyOf(additional);
    }

    public IkeSuite(Cipher cipher, Integrity integrity, Prf prf, Group group) {
        this(cipher, integrity, prf, group, List.of());
    }

    @Override
    public String toString() {
        return cipher + "-" + (integrity == Integrity.NONE ? prf : integrity) + "-" + group;
    }
}
