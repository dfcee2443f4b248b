package io.sallyport.crypto.suite;

/// The algorithms a child SA uses. `group` is the PFS group of its quick mode, or `NONE`.
public record EspSuite(Cipher cipher, Integrity integrity, Group group, boolean esn) {
    public EspSuite {
        if (cipher.encryption().isAead() != (integrity == Integrity.NONE)) {
            throw new IllegalArgumentException(cipher + " with integrity " + integrity);
        }
    }

    /// Octets of the ICV at the end of each packet.
    public int icvOctets() {
        return cipher.encryption().isAead()
                ? cipher.encryption().icvOctets()
                : integrity.icvOctets();
    }

    /// `aes128-sha1` or `aes128gcm16`, with the PFS group behind it.
    @Override
    public String toString() {
        return cipher
                + (integrity == Integrity.NONE ? "" : "-" + integrity)
                + (group == Group.NONE ? "" : "-" + group)
                + (esn ? "-esn" : "");
    }
}
