package io.sallyport.crypto.suite;

/// An encryption algorithm with its key length in bits (0 for NULL).
public record Cipher(Encryption encryption, int keyBits) {
    public Cipher {
        if (!encryption.keyBits().contains(keyBits)) {
            throw new IllegalArgumentException(encryption + " with a key of " + keyBits + " bits");
        }
    }

    public static Cipher of(Encryption encryption) {
        return new Cipher(encryption, encryption.keyBits().getFirst());
    }

    public static Cipher of(Encryption encryption, int keyBits) {
        return new Cipher(encryption, keyBits);
    }

    public int keyOctets() {
        return keyBits / 8;
    }

    /// Octets of key material to take: key and salt.
    public int keyingOctets() {
        return keyOctets() + encryption.saltOctets();
    }

    /// strongSwan's word, e.g. `aes128`, `camellia256`, `aes256gcm16`, `3des`.
    @Override
    public String toString() {
        String word = encryption.word();
        int name = word.startsWith("aes") ? 3 : word.startsWith("camellia") ? 8 : 0;
        return encryption.hasKeyLength() && name > 0
                ? word.substring(0, name) + keyBits + word.substring(name)
                : word;
    }
}
