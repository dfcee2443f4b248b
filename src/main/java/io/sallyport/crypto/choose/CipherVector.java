package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Cipher;

/// Something encrypted by somebody else.
///
/// @param keyHex key, then salt or nonce
/// @param headerHex SPI and sequence number, which are the AAD; with ESN the high half stands in
///   between. Empty where the source has none
/// @param sealedHex ciphertext, with an AEAD followed by the full tag, or with CCM, whose tags are
///   not cut from a longer one, by its own
record CipherVector(
        String source,
        String keyHex,
        String headerHex,
        String ivHex,
        String plainHex,
        String sealedHex) {
    private static final String COUNTING =
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String SINGLE_BLOCK_MSG = "53696e676c6520626c6f636b206d7367";

    static CipherVector of(Cipher cipher) {
        return switch (cipher.encryption()) {
            case NULL -> new CipherVector("RFC 2410", "", "", "", COUNTING, COUNTING);
            case DES_CBC -> DES;
            case TRIPLE_DES_CBC -> TRIPLE_DES;
            case AES_CBC ->
                    switch (cipher.keyBits()) {
                        case 128 -> AES_128_CBC;
                        case 192 -> AES_192_CBC;
                        default -> AES_256_CBC;
                    };
            case CAMELLIA_CBC ->
                    switch (cipher.keyBits()) {
                        case 128 -> camellia("", "67673138549669730857065648eabe43");
                        case 192 ->
                                camellia("0011223344556677", "b4993401b3e996f84ee5cee7d79b09b9");
                        default ->
                                camellia(
                                        "00112233445566778899aabbccddeeff",
                                        "9acc237dff16d76c20ef7c919e3a7509");
                    };
            case AES_CTR ->
                    switch (cipher.keyBits()) {
                        case 128 -> AES_128_CTR;
                        case 192 -> AES_192_CTR;
                        default -> AES_256_CTR;
                    };
            case AES_GCM_8, AES_GCM_12, AES_GCM_16 ->
                    switch (cipher.keyBits()) {
                        case 128 -> AES_128_GCM;
                        case 192 -> AES_192_GCM;
                        default -> AES_256_GCM;
                    };
            case CHACHA20_POLY1305 -> CHACHA20_POLY1305;
            case AES_CCM_8,
                    AES_CCM_12,
                    AES_CCM_16,
                    AES_GMAC,
                    AES_CCM_8_IIV,
                    AES_GCM_16_IIV,
                    CHACHA20_POLY1305_IIV ->
                    MadeVectors.of(cipher);
        };
    }

    private static final CipherVector DES =
            new CipherVector(
                    "FIPS 81, table C1",
                    "0123456789abcdef",
                    "",
                    "1234567890abcdef",
                    "4e6f77206973207468652074696d6520666f7220616c6c20",
                    "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6");

    /// One block, so that ECB, as printed there, is CBC with an IV of zeros.
    private static final CipherVector TRIPLE_DES =
            new CipherVector(
                    "SP 800-67, appendix B",
                    "0123456789abcdef23456789abcdef01456789abcdef0123",
                    "",
                    "0000000000000000",
                    "5468652071756663",
                    "a826fd8ce53b855f");

    /// One block, so that ECB, as printed there, is CBC with an IV of zeros.
    private static CipherVector camellia(String restOfKey, String sealed) {
        String block = "0123456789abcdeffedcba9876543210";
        return new CipherVector(
                "RFC 3713, appendix A", block + restOfKey, "", "0".repeat(32), block, sealed);
    }

    private static final CipherVector AES_128_CBC =
            new CipherVector(
                    "RFC 3602, case 1",
                    "06a9214036b8a15b512e03d534120006",
                    "",
                    "3dafba429d9eb430b422da802c9fac41",
                    SINGLE_BLOCK_MSG,
                    "e353779c1079aeb82708942dbe77181a");

    private static final CipherVector AES_192_CBC =
            new CipherVector(
                    "SP 800-38A, F.2.3",
                    "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                    "",
                    "000102030405060708090a0b0c0d0e0f",
                    "6bc1bee22e409f96e93d7e117393172a",
                    "4f021db243bc633d7178183a9fa071e8");

    private static final CipherVector AES_256_CBC =
            new CipherVector(
                    "SP 800-38A, F.2.5",
                    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                    "",
                    "000102030405060708090a0b0c0d0e0f",
                    "6bc1bee22e409f96e93d7e117393172a",
                    "f58c4c04d6e5f1ba779eabfb5f7bfbd6");

    private static final CipherVector AES_128_CTR =
            new CipherVector(
                    "RFC 3686, vector 2",
                    "7e24067817fae0d743d6ce1f32539163006cb6db",
                    "",
                    "c0543b59da48d90b",
                    COUNTING,
                    "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28");

    private static final CipherVector AES_192_CTR =
            new CipherVector(
                    "RFC 3686, vector 5",
                    "7c5cb2401b3dc33c19e7340819e0f69c678c3db8e6f6a91a0096b03b",
                    "",
                    "020c6eadc2cb500d",
                    COUNTING,
                    "453243fc609b23327edfaafa7131cd9f8490701c5ad4a79cfc1fe0ff42f4fb00");

    private static final CipherVector AES_256_CTR =
            new CipherVector(
                    "RFC 3686, vector 8",
                    """
                    f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c87a23884
                    00faac24
                    """,
                    "",
                    "c1585ef15a43d875",
                    COUNTING,
                    "f05e231b3894612c49ee000b804eb2a9b8306b508f839d6a5530831d9344af1c");

    /// With ESN.
    private static final CipherVector AES_128_GCM =
            new CipherVector(
                    "draft-mcgrew-gcm-test-01, case 1",
                    "4c80cdefbb5d10da906ac73c3613a6342e443b68",
                    "000043218765432100000000",
                    "4956ed7e3b244cfe",
                    """
                    45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000
                    00000000045f736970045f756470037369700963796265726369747902646b00
                    0021000101020201
                    """,
                    """
                    fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34
                    cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce
                    61bc17d768fd9732
                    459018148f6cbe722fd04796562dfdb4
                    """);

    private static final CipherVector AES_192_GCM =
            new CipherVector(
                    "draft-mcgrew-gcm-test-01, case 7",
                    "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe",
                    "0000a5f80000000a",
                    "facedbaddecaf888",
                    """
                    45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e
                    501016d075680001
                    """,
                    """
                    a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0
                    315b27452144cc77
                    95457b9652037f5318027b5b4cd7a636
                    """);

    private static final CipherVector AES_256_GCM =
            new CipherVector(
                    "draft-mcgrew-gcm-test-01, case 3",
                    """
                    abbccddef00112233445566778899aababbccddef00112233445566778899aab
                    11223344
                    """,
                    "4a2cbfe300000002",
                    "0102030405060708",
                    """
                    4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000
                    7002400020bf0000020405b40101040201020201
                    """,
                    """
                    ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763
                    748a637985771d347f0545659f14e99def842d8e
                    b335f4eecfdbf831824b4c4915956c96
                    """);

    private static final CipherVector CHACHA20_POLY1305 =
            new CipherVector(
                    "RFC 7634, appendix A",
                    """
                    808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f
                    a0a1a2a3
                    """,
                    "0102030400000005",
                    "1011121314151617",
                    """
                    45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10
                    0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223
                    2425262728292a2b2c2d2e2f303132333435363701020204
                    """,
                    """
                    24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6
                    14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3
                    cbec163fac469b502773f6fb94e664da9165b82829f641e0
                    76aaa8266b7fb0f7b11b369907e1ad43
                    """);

    Secret key() {
        return Secret.of(Octets.hex(keyHex));
    }

    Octets header() {
        return headerHex.isEmpty() ? Octets.hex("0000432100000001") : Octets.hex(headerHex);
    }

    Octets iv() {
        return Octets.hex(ivHex);
    }

    Octets plain() {
        return Octets.hex(plainHex);
    }

    Octets sealed() {
        return Octets.hex(sealedHex);
    }
}
