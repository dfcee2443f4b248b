package io.sallyport.drivers.xfrm;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.drivers.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Our suites in the names of the kernel's crypto, and the attributes that carry them with their
/// keys. Where the kernel has no name, or none is known here, there is no attribute.
final class KernelAlgorithms {
    private static final int NAME = 64;

    private KernelAlgorithms() {}

    /// Whether the kernel may know the suite; it says so itself when the SA is added.
    static boolean knows(EspSuite suite) {
        Encryption encryption = suite.cipher().encryption();
        return (suite.isAh() || cipher(encryption).isPresent())
                && (suite.integrity() == Integrity.NONE
                        || integrity(suite.integrity()).isPresent());
    }

    /// The kernel's name of a cipher or AEAD.
    static Optional<String> cipher(Encryption encryption) {
        return switch (encryption) {
            case NULL -> Optional.of("ecb(cipher_null)");
            case DES_CBC -> Optional.of("cbc(des)");
            case TRIPLE_DES_CBC -> Optional.of("cbc(des3_ede)");
            case AES_CBC -> Optional.of("cbc(aes)");
            case CAMELLIA_CBC -> Optional.of("cbc(camellia)");
            case AES_CTR -> Optional.of("rfc3686(ctr(aes))");
            case AES_GCM_8, AES_GCM_12, AES_GCM_16 -> Optional.of("rfc4106(gcm(aes))");
            case AES_CCM_8, AES_CCM_12, AES_CCM_16 -> Optional.of("rfc4309(ccm(aes))");
            case AES_GMAC -> Optional.of("rfc4543(gcm(aes))");
            case CHACHA20_POLY1305 -> Optional.of("rfc7539esp(chacha20,poly1305)");
            case AES_CCM_8_IIV, AES_GCM_16_IIV, CHACHA20_POLY1305_IIV -> Optional.empty();
        };
    }

    /// The kernel's name of an integrity algorithm.
    static Optional<String> integrity(Integrity integrity) {
        return switch (integrity) {
            case NONE -> Optional.empty();
            case HMAC_MD5_96 -> Optional.of("hmac(md5)");
            case HMAC_SHA1_96 -> Optional.of("hmac(sha1)");
            case AES_XCBC_96 -> Optional.of("xcbc(aes)");
            case AES_CMAC_96 -> Optional.of("cmac(aes)");
            case HMAC_SHA2_256_128 -> Optional.of("hmac(sha256)");
            case HMAC_SHA2_384_192 -> Optional.of("hmac(sha384)");
            case HMAC_SHA2_512_256 -> Optional.of("hmac(sha512)");
        };
    }

    /// Adds the algorithms of one state.
    ///
    /// @throws IllegalArgumentException if the kernel has no name for one
    static void add(NetlinkMessage to, EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        Encryption encryption = suite.cipher().encryption();
        if (!suite.isAh()) {
            String name =
                    cipher(encryption)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "the kernel has no " + encryption));
            if (encryption.isAead()) {
                secret(to, Xfrm.XFRMA_ALG_AEAD, name, encryptionKey, encryption.icvOctets() * 8);
            } else {
                secret(to, Xfrm.XFRMA_ALG_CRYPT, name, encryptionKey, -1);
            }
        }
        if (suite.integrity() != Integrity.NONE) {
            String name =
                    integrity(suite.integrity())
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "the kernel has no " + suite.integrity()));
            secret(
                    to,
                    Xfrm.XFRMA_ALG_AUTH_TRUNC,
                    name,
                    integrityKey,
                    suite.integrity().icvOctets() * 8);
        }
    }

    /// `struct xfrm_algo`: name, bits of the key, perhaps bits of the ICV, key.
    private static void secret(
            NetlinkMessage to, int attribute, String name, Secret key, int icvBits) {
        byte[] octets = key.expose();
        ByteBuffer out =
                ByteBuffer.allocate(NAME + (icvBits < 0 ? 4 : 8) + octets.length)
                        .order(ByteOrder.nativeOrder());
        out.put(name.getBytes(StandardCharsets.US_ASCII)).position(NAME);
        out.putInt(octets.length * 8);
        if (icvBits >= 0) {
            out.putInt(icvBits);
        }
        out.put(octets);
        Arrays.fill(octets, (byte) 0);
        to.attribute(attribute, Octets.owned(out.array()));
        Arrays.fill(out.array(), (byte) 0);
    }
}
