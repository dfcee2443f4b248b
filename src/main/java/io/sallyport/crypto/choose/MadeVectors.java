package io.sallyport.crypto.choose;

import io.sallyport.crypto.suite.Cipher;

/// Packets of ciphers for which the RFCs print none with the fields of ESP: the plaintext and
/// header are those of draft-mcgrew-gcm-test-01, case 3, the key counts up from zero, the salt from
/// a0. Sealed by OpenSSL.
final class MadeVectors {
    private static final String COUNTING =
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private MadeVectors() {}

    static CipherVector of(Cipher cipher) {
        return switch (cipher.encryption()) {
            case AES_CCM_8 ->
                    switch (cipher.keyBits()) {
                        case 128 ->
                                made(
                                        128,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        a63168ca2a579476476107271c3055df77906f572f33aa085cb5277f252e39d4
                                        3fabdb670ee96a15405419e69c08e89cf5939fecf399ed5effc3f6e2
                                        """);
                        case 192 ->
                                made(
                                        192,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        711e865bcdac015908e9d3ae7f79e0c7186231c3117eca5785c7f48552574e6a
                                        52328fa2e75892913331a7c78fad031a24c004e200d20681d81d5074
                                        """);
                        default ->
                                made(
                                        256,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        7ad40d67a86f89b4a4d23daea1bcabc5b447434b189a9e58b864e653b718dc16
                                        e641e146b6cae5a0f111f5f34c5ba227ce1ea787bab087f21bebe174
                                        """);
                    };
            case AES_CCM_12 ->
                    switch (cipher.keyBits()) {
                        case 128 ->
                                made(
                                        128,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        a63168ca2a579476476107271c3055df77906f572f33aa085cb5277f252e39d4
                                        3fabdb670ee96a15405419e69c08e89cf5939fec86eba0d4b5043c0db24ea9ac
                                        """);
                        case 192 ->
                                made(
                                        192,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        711e865bcdac015908e9d3ae7f79e0c7186231c3117eca5785c7f48552574e6a
                                        52328fa2e75892913331a7c78fad031a24c004e236cd6ebfeb9a7528d03854dd
                                        """);
                        default ->
                                made(
                                        256,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        7ad40d67a86f89b4a4d23daea1bcabc5b447434b189a9e58b864e653b718dc16
                                        e641e146b6cae5a0f111f5f34c5ba227ce1ea7874fa0882fb137ab3e687d151b
                                        """);
                    };
            case AES_CCM_16 ->
                    switch (cipher.keyBits()) {
                        case 128 ->
                                made(
                                        128,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        a63168ca2a579476476107271c3055df77906f572f33aa085cb5277f252e39d4
                                        3fabdb670ee96a15405419e69c08e89cf5939fecf2abae921b90bec49032e478
                                        aa6957c2
                                        """);
                        case 192 ->
                                made(
                                        192,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        711e865bcdac015908e9d3ae7f79e0c7186231c3117eca5785c7f48552574e6a
                                        52328fa2e75892913331a7c78fad031a24c004e2b9ab6d7b21a4e4cb1d42e125
                                        c4ba42d1
                                        """);
                        default ->
                                made(
                                        256,
                                        "a0a1a2",
                                        "0102030405060708",
                                        """
                                        7ad40d67a86f89b4a4d23daea1bcabc5b447434b189a9e58b864e653b718dc16
                                        e641e146b6cae5a0f111f5f34c5ba227ce1ea7877f15c09a425c777e6b846306
                                        be27f817
                                        """);
                    };
            case AES_GMAC ->
                    switch (cipher.keyBits()) {
                        case 128 ->
                                made(
                                        128,
                                        "a0a1a2a3",
                                        "0102030405060708",
                                        """
                                        4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000
                                        7002400020bf0000020405b40101040201020201d6513989e2de607909d69712
                                        f41a41e6
                                        """);
                        case 192 ->
                                made(
                                        192,
                                        "a0a1a2a3",
                                        "0102030405060708",
                                        """
                                        4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000
                                        7002400020bf0000020405b40101040201020201a0e5d76dc3538d176f7e99b5
                                        4bc55091
                                        """);
                        default ->
                                made(
                                        256,
                                        "a0a1a2a3",
                                        "0102030405060708",
                                        """
                                        4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000
                                        7002400020bf0000020405b40101040201020201f91d7ba979c38f15503c53ff
                                        daafbb44
                                        """);
                    };
            case AES_CCM_8_IIV ->
                    switch (cipher.keyBits()) {
                        case 128 ->
                                made(
                                        128,
                                        "a0a1a2",
                                        "",
                                        """
                                        fa2ef47c5f14c165f173f2a1f0b5732d78ec2a5e13bdefb9628cb0f1b3edd2e2
                                        6064c8aba0d041d502393996d9013ba2ce12174dfad01f14b98b3fd6
                                        """);
                        case 192 ->
                                made(
                                        192,
                                        "a0a1a2",
                                        "",
                                        """
                                        62f8d3e4b495a515d0f1caf33991fe7c0b20552bd5cf15650f3ba16197eb71db
                                        81cfe437db76d7368ace3c30ae8f1ba1d68c5427cec85e0f284f590a
                                        """);
                        default ->
                                made(
                                        256,
                                        "a0a1a2",
                                        "",
                                        """
                                        75de611afc889804297edf1583d298b99212f2888ab424ad56973ee820d1fb2c
                                        41b783a193f7fb64d858f6d66041c0f14ee57879c55bbb68b1249d7f
                                        """);
                    };
            case AES_GCM_16_IIV ->
                    switch (cipher.keyBits()) {
                        case 128 ->
                                made(
                                        128,
                                        "a0a1a2a3",
                                        "",
                                        """
                                        e426664dd8e0ebc78da69da65daa8d0bd60a44733109baec4eba334ce8a6b23c
                                        0cde84c7802623c4b602f1df7f3e3b1ff032e6d53918e5eddc58e4a799a6e52a
                                        72ac4573
                                        """);
                        case 192 ->
                                made(
                                        192,
                                        "a0a1a2a3",
                                        "",
                                        """
                                        7286594d0ac7c146306461c5dc1a4a3a687e6d79d5b500b08ab16a887cc4ad88
                                        62c7b67abeebbdc4d4b33a57be144ac7ee4189de4693b6cad1cfb3750f9cd012
                                        edb58075
                                        """);
                        default ->
                                made(
                                        256,
                                        "a0a1a2a3",
                                        "",
                                        """
                                        aeb3a3abceb4d2d3c07acb5161224ebb3ad42bfe2455426c748e7cc6d866e7b5
                                        e2cdedc1ecf7b8f9865406f2406f5a5a1babc7041f8f6c19232581921595ff79
                                        4f150f45
                                        """);
                    };
            case CHACHA20_POLY1305_IIV ->
                    made(
                            256,
                            "a0a1a2a3",
                            "",
                            """
                            faaffc7ddd37d0997e0f459cc3e2c4ab16c17c808cd332fc9996d1f9b50ee30a
                            bcaf8abe110680747e7f7e873544d8c52c010c6151682259d8e9dfa3c5eeb5d9
                            db97e626
                            """);
            default -> throw new IllegalArgumentException("no vector for " + cipher);
        };
    }

    private static CipherVector made(int bits, String salt, String iv, String sealed) {
        return new CipherVector(
                "vector made by OpenSSL",
                COUNTING.substring(0, bits / 4) + salt,
                "4a2cbfe300000002",
                iv,
                """
                4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000
                7002400020bf0000020405b40101040201020201
                """,
                sealed);
    }
}
