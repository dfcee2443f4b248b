package io.sallyport.crypto.mschap;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// The arithmetic of MS-CHAP-V2 (RFC 2759, 8) and the keys that it leaves (RFC 3079, 3). The words
/// are those of the RFCs.
public final class MsChapV2 {
    public static final int CHALLENGE_OCTETS = 16;
    public static final int RESPONSE_OCTETS = 24;

    /// `S=` and 40 digits.
    public static final int AUTHENTICATOR_RESPONSE_OCTETS = 42;

    /// RFC 3748, 7.10: an MSK has at least so many.
    private static final int MSK_OCTETS = 64;

    private static final int HASH_OCTETS = 16;
    private static final Octets MAGIC_1 = Octets.ascii("Magic server to client signing constant");
    private static final Octets MAGIC_2 = Octets.ascii("Pad to make it do more than one iteration");
    private static final Octets MASTER = Octets.ascii("This is the MPPE Master Key");
    private static final Octets CLIENT_SENDS =
            Octets.ascii(
                    "On the client side, this is the send key; on the server side, it is the"
                            + " receive key.");
    private static final Octets CLIENT_RECEIVES =
            Octets.ascii(
                    "On the client side, this is the receive key; on the server side, it is the"
                            + " send key.");
    private static final Octets PAD_1 = Octets.owned(new byte[40]);
    private static final Octets PAD_2 = pad2();

    private MsChapV2() {}

    private static Octets pad2() {
        byte[] pad = new byte[40];
        Arrays.fill(pad, (byte) 0xf2);
        return Octets.owned(pad);
    }

    /// NtPasswordHash, for the caller to close.
    ///
    /// @param password in UTF-8; hashed as UTF-16, low octet first
    public static Secret passwordHash(Secret password) {
        byte[] utf8 = password.expose();
        byte[] wide = new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
        try {
            return Secret.owned(Md4.of(wide));
        } finally {
            Arrays.fill(wide, (byte) 0);
        }
    }

    /// GenerateNTResponse.
    ///
    /// @param user without a domain
    public static Octets response(
            Octets authenticatorChallenge, Octets peerChallenge, Octets user, Secret passwordHash) {
        byte[] key = Arrays.copyOf(passwordHash.expose(), 21);
        byte[] challenge = challengeHash(peerChallenge, authenticatorChallenge, user);
        byte[] all = new byte[RESPONSE_OCTETS];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(des(key, 7 * i, challenge), 0, all, 8 * i, 8);
        }
        Arrays.fill(key, (byte) 0);
        return Octets.owned(all);
    }

    private static byte[] challengeHash(Octets peer, Octets authenticator, Octets user) {
        return Arrays.copyOf(sha1(peer, authenticator, user), 8);
    }

    /// GenerateAuthenticatorResponse: `S=` and 40 hexadecimal digits.
    public static Octets authenticatorResponse(
            Secret passwordHash,
            Octets response,
            Octets peerChallenge,
            Octets authenticatorChallenge,
            Octets user) {
        byte[] hashHash = Md4.of(passwordHash.expose());
        byte[] digest = sha1(Octets.of(hashHash), response, MAGIC_1);
        Arrays.fill(hashHash, (byte) 0);
        Octets challenge = Octets.owned(challengeHash(peerChallenge, authenticatorChallenge, user));
        byte[] proof = sha1(Octets.owned(digest), challenge, MAGIC_2);
        return Octets.ascii("S=" + HexFormat.of().withUpperCase().formatHex(proof));
    }

    /// The MSK of EAP-MSCHAPv2, for the caller to close: the key that the server receives with, the
    /// key that it sends with, and zeros.
    public static Secret msk(Secret passwordHash, Octets response) {
        byte[] hashHash = Md4.of(passwordHash.expose());
        byte[] master = Arrays.copyOf(sha1(Octets.of(hashHash), response, MASTER), HASH_OCTETS);
        byte[] all = new byte[MSK_OCTETS];
        startKey(master, CLIENT_SENDS, all, 0);
        startKey(master, CLIENT_RECEIVES, all, HASH_OCTETS);
        Arrays.fill(hashHash, (byte) 0);
        Arrays.fill(master, (byte) 0);
        return Secret.owned(all);
    }

    /// GetAsymmetricStartKey with 128 bits.
    private static void startKey(byte[] master, Octets magic, byte[] to, int at) {
        byte[] digest = sha1(Octets.of(master), PAD_1, magic, PAD_2);
        System.arraycopy(digest, 0, to, at, HASH_OCTETS);
        Arrays.fill(digest, (byte) 0);
    }

    private static byte[] sha1(Octets... parts) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (Octets part : parts) {
                sha1.update(part.buffer());
            }
            return sha1.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// DesEncrypt: 56 bits of key spread over eight octets, of which DES uses seven bits each.
    private static byte[] des(byte[] key, int from, byte[] clear) {
        long bits = 0;
        for (int i = 0; i < 7; i++) {
            bits = bits << 8 | key[from + i] & 0xff;
        }
        byte[] spread = new byte[8];
        for (int i = 0; i < 8; i++) {
            spread[i] = (byte) ((bits >>> 49 - 7 * i & 0x7f) << 1);
        }
        try {
            Cipher des = Cipher.getInstance("DES/ECB/NoPadding");
            des.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(spread, "DES"));
            return des.doFinal(clear);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            Arrays.fill(spread, (byte) 0);
        }
    }
}
