package io.sallyport.crypto.suite;

import java.util.List;

/// Encryption algorithms of IKE and ESP.
///
/// `ikev1` is the phase 1 number of RFC 2409, appendix A, and the IANA registry after it;
/// `ikev1Esp` the ESP transform of RFC 2407, 4.4.4; `ikev2` the Transform Type 1 number.
/// [#NO_NUMBER] where a registry has none.
public enum Encryption {
    NULL("null", -1, 11, 11, 1, 0, 0, 0, List.of(0), Standing.LEGACY),
    DES_CBC("des", 1, 2, 2, 8, 8, 0, 0, List.of(64), Standing.BROKEN),
    TRIPLE_DES_CBC("3des", 5, 3, 3, 8, 8, 0, 0, List.of(192), Standing.LEGACY),
    /// RFC 4312; RFC 8221 says nothing of it.
    CAMELLIA_CBC("camellia", 8, 22, 23, 16, 16, 0, 0, List.of(128, 192, 256), Standing.LEGACY),
    AES_CBC("aes", 7, 12, 12, 16, 16, 0, 0, List.of(128, 192, 256), Standing.CURRENT),
    /// RFC 3686: a nonce of 4 octets follows the key.
    AES_CTR("aesctr", 13, 13, 13, 1, 8, 0, 4, List.of(128, 192, 256), Standing.LEGACY),
    /// RFC 4106: a salt of 4 octets follows the key.
    AES_GCM_8("aesgcm8", -1, 18, 18, 1, 8, 8, 4, List.of(128, 192, 256), Standing.LEGACY),
    AES_GCM_12("aesgcm12", -1, 19, 19, 1, 8, 12, 4, List.of(128, 192, 256), Standing.LEGACY),
    AES_GCM_16("aesgcm16", -1, 20, 20, 1, 8, 16, 4, List.of(128, 192, 256), Standing.CURRENT),
    /// RFC 4309: a salt of 3 octets follows the key.
    AES_CCM_8("aesccm8", -1, 14, 14, 1, 8, 8, 3, List.of(128, 192, 256), Standing.LEGACY),
    AES_CCM_12("aesccm12", -1, 15, 15, 1, 8, 12, 3, List.of(128, 192, 256), Standing.LEGACY),
    AES_CCM_16("aesccm16", -1, 16, 16, 1, 8, 16, 3, List.of(128, 192, 256), Standing.LEGACY),
    /// RFC 4543, ENCR_NULL_AUTH_AES_GMAC: authentic, and readable by everybody.
    AES_GMAC("aesgmac", -1, 23, 21, 1, 8, 16, 4, List.of(128, 192, 256), Standing.LEGACY),
    /// RFC 7634; no IKEv1 number was ever assigned.
    CHACHA20_POLY1305("chacha20poly1305", -1, -1, 28, 1, 8, 16, 4, List.of(256), Standing.CURRENT),
    /// RFC 8750: the IV is the sequence number, and is not sent. ESP of IKEv2 only.
    AES_CCM_8_IIV("aesccm8iiv", -1, -1, 29, 1, 0, 8, 3, List.of(128, 192, 256), Standing.LEGACY),
    AES_GCM_16_IIV("aesgcm16iiv", -1, -1, 30, 1, 0, 16, 4, List.of(128, 192, 256), Standing.LEGACY),
    CHACHA20_POLY1305_IIV(
            "chacha20poly1305iiv", -1, -1, 31, 1, 0, 16, 4, List.of(256), Standing.LEGACY);

    /// Where a registry has no number.
    public static final int NO_NUMBER = -1;

    private final String word;
    private final int ikev1;
    private final int ikev1Esp;
    private final int ikev2;
    private final int blockOctets;
    private final int ivOctets;
    private final int icvOctets;
    private final int saltOctets;
    private final List<Integer> keyBits;
    private final Standing standing;

    Encryption(
            String word,
            int ikev1,
            int ikev1Esp,
            int ikev2,
            int blockOctets,
            int ivOctets,
            int icvOctets,
            int saltOctets,
            List<Integer> keyBits,
            Standing standing) {
        this.word = word;
        this.ikev1 = ikev1;
        this.ikev1Esp = ikev1Esp;
        this.ikev2 = ikev2;
        this.blockOctets = blockOctets;
        this.ivOctets = ivOctets;
        this.icvOctets = icvOctets;
        this.saltOctets = saltOctets;
        this.keyBits = keyBits;
        this.standing = standing;
    }

    public int ikev1() {
        return ikev1;
    }

    public int ikev1Esp() {
        return ikev1Esp;
    }

    public int ikev2() {
        return ikev2;
    }

    /// Cipher block, 1 for stream-like ones. ESP aligns to `max(4, blockOctets)`.
    public int blockOctets() {
        return blockOctets;
    }

    /// The IV that travels in each packet.
    public int ivOctets() {
        return ivOctets;
    }

    /// The tag of an AEAD; 0 for the others.
    public int icvOctets() {
        return icvOctets;
    }

    /// Octets of KEYMAT after the key: salt (AEAD) or nonce (CTR).
    public int saltOctets() {
        return saltOctets;
    }

    public boolean isAead() {
        return icvOctets > 0;
    }

    /// Whether the sequence number serves as IV (RFC 8750).
    public boolean hasImplicitIv() {
        return isAead() && ivOctets == 0;
    }

    /// Whether it encrypts at all.
    public boolean encrypts() {
        return this != NULL && this != AES_GMAC;
    }

    /// Whether IKE's own messages may be encrypted so. RFC 8750, 4: the ciphers with implicit IV
    /// are for ESP only, for an IKE message number may come twice.
    public boolean isForIke() {
        return encrypts() && !hasImplicitIv();
    }

    /// Legal key lengths in bits, as counted on the wire (DES 64 and 3DES 192 include parity).
    public List<Integer> keyBits() {
        return keyBits;
    }

    /// Whether the key length is an attribute of its own.
    public boolean hasKeyLength() {
        return keyBits.size() > 1;
    }

    public Standing standing() {
        return standing;
    }

    String word() {
        return word;
    }
}
