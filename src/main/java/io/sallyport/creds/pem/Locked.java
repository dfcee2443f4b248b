package io.sallyport.creds.pem;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.InvalidParameterSpecException;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Private keys under a passphrase.
final class Locked {
    private static final String WRONG = "the passphrase is wrong, or the file is damaged";
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    /// Who writes more wants to keep us busy.
    private static final int MOST_ITERATIONS = 10_000_000;

    /// What we write: PBES2 of PBKDF2 and AES-256-CBC (RFC 8018), which OpenSSL and strongSwan
    /// open.
    private static final String OURS = "PBEWithHmacSHA256AndAES_256";

    /// RFC 8018, 4.2 leaves it to "be chosen as large as possible"; OWASP says this of SHA-256.
    private static final int ITERATIONS = 600_000;

    private static final int SALT_OCTETS = 16;

    private static final Map<String, String> CIPHERS =
            Map.of(
                    "AES-128-CBC", "AES/16",
                    "AES-192-CBC", "AES/24",
                    "AES-256-CBC", "AES/32",
                    "DES-EDE3-CBC", "DESede/24");

    private Locked() {}

    /// The passphrase as characters; zeroed by whoever asked.
    static char[] characters(Secret passphrase) {
        byte[] octets = passphrase.expose();
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(octets));
        char[] characters = new char[decoded.remaining()];
        decoded.get(characters);
        if (decoded.hasArray()) {
            Arrays.fill(decoded.array(), '\0');
        }
        Arrays.fill(octets, (byte) 0);
        return characters;
    }

    static BadCredential unsaid() {
        return new BadCredential("it is encrypted, and no passphrase is configured for it");
    }

    /// EncryptedPrivateKeyInfo (RFC 5958, 3), by PBES2 (RFC 8018) or one of its forerunners.
    static Octets pkcs8(Octets locked, Secret passphrase) throws BadCredential {
        if (passphrase.length() == 0) {
            throw unsaid();
        }
        char[] characters = characters(passphrase);
        PBEKeySpec spec = new PBEKeySpec(characters);
        Arrays.fill(characters, '\0');
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(locked.toArray());
            AlgorithmParameters parameters = info.getAlgParameters();
            if (parameters == null
                    || parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount()
                            > MOST_ITERATIONS) {
                throw new BadCredential(
                        "its passphrase is to be hashed more than " + MOST_ITERATIONS + " times");
            }
            // Of PBES2 the parameters know the name of what they are made of
            String name =
                    info.getAlgName().equals("PBES2") || info.getAlgName().equals(PBES2)
                            ? parameters.toString()
                            : info.getAlgName();
            SecretKey key = SecretKeyFactory.getInstance(name).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return opened(Octets.owned(cipher.doFinal(info.getEncryptedData())));
        } catch (InvalidParameterSpecException | IOException _) {
            throw new BadCredential("no encrypted private key of PKCS#8 that we can read");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new BadCredential(
                    "it is encrypted in a way that is not known: " + e.getMessage());
        } catch (GeneralSecurityException | RuntimeException _) {
            throw new BadCredential(WRONG);
        } finally {
            spec.clearPassword();
        }
    }

    /// A private key of PKCS#8 under a passphrase.
    static Octets lock(Octets pkcs8, Secret passphrase) {
        char[] characters = characters(passphrase);
        PBEKeySpec spec = new PBEKeySpec(characters);
        Arrays.fill(characters, '\0');
        byte[] salt = new byte[SALT_OCTETS];
        byte[] iv = new byte[16];
        SecureRandom random = new SecureRandom();
        random.nextBytes(salt);
        random.nextBytes(iv);
        try {
            Cipher cipher = Cipher.getInstance(OURS);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(OURS).generateSecret(spec),
                    new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)));
            // JCE's EncryptedPrivateKeyInfo does not know its own name for PBES2
            return DerWriter.sequence(
                    DerWriter.sequence(
                            DerWriter.oid(PBES2),
                            Octets.owned(cipher.getParameters().getEncoded())),
                    DerWriter.octetString(Octets.owned(cipher.doFinal(pkcs8.toArray()))));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JCE has " + OURS, e);
        } finally {
            spec.clearPassword();
        }
    }

    /// By a wrong passphrase the padding is right once in 256 times.
    private static Octets opened(Octets der) throws BadCredential {
        try {
            DerReader inside = Der.parse(der, Tag.SEQUENCE).inside();
            inside.next(Tag.INTEGER);
            return der;
        } catch (BadDer _) {
            throw new BadCredential(WRONG);
        }
    }

    /// OpenSSL's traditional encryption: `DEK-Info: AES-128-CBC,<IV>`. The key is made by MD5 over
    /// the passphrase and the first eight octets of the IV, as often as it takes.
    static Octets traditional(Pem block, Secret passphrase) throws BadCredential {
        String[] info = block.headers().getOrDefault("DEK-INFO", "").split(",", -1);
        String[] cipher = CIPHERS.getOrDefault(info[0].strip(), "").split("/", -1);
        if (info.length != 2 || cipher.length != 2) {
            throw new BadCredential(
                    "it is encrypted in a way that is not known; DEK-Info is one of "
                            + CIPHERS.keySet().stream().sorted().toList());
        }
        if (passphrase.length() == 0) {
            throw unsaid();
        }
        byte[] octets = passphrase.expose();
        try {
            Octets iv = Octets.hex(info[1]);
            Cipher opening = Cipher.getInstance(cipher[0] + "/CBC/PKCS5Padding");
            byte[] key = key(octets, iv.slice(0, 8), Integer.parseInt(cipher[1]));
            opening.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, cipher[0]),
                    new IvParameterSpec(iv.toArray()));
            Arrays.fill(key, (byte) 0);
            return opened(Octets.owned(opening.doFinal(block.data().toArray())));
        } catch (GeneralSecurityException | RuntimeException _) {
            throw new BadCredential(WRONG);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static byte[] key(byte[] passphrase, Octets salt, int octets)
            throws GeneralSecurityException {
        byte[] key = new byte[octets];
        byte[] last = {};
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        for (int at = 0; at < octets; at += last.length) {
            md5.update(last);
            md5.update(passphrase);
            last = md5.digest(salt.toArray());
            System.arraycopy(last, 0, key, at, Math.min(last.length, octets - at));
        }
        return key;
    }
}
