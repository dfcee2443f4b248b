package io.sallyport.ike;

import io.sallyport.base.Octets;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.EdDSAParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Signatures that are almost right, of the kinds that Project Wycheproof collects. Where a private
/// key is used it is the right one: what is wrong is the form alone, so that a verifier that looks
/// away would take it.
final class Forgery {
    /// Makes a signature over `data`.
    interface Maker {
        Octets make(KeyPair pair, Octets data) throws GeneralSecurityException;
    }

    private static final String SHA256_PREFIX = "3031300d060960864801650304020105000420";

    private Forgery() {}

    static byte[] sha(String name, byte[]... parts) {
        try {
            MessageDigest d = MessageDigest.getInstance(name);
            for (byte[] part : parts) {
                d.update(part);
            }
            return d.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hex(String hex) {
        return Octets.hex(hex).toArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] filled(int octets, int with) {
        byte[] all = new byte[octets];
        Arrays.fill(all, (byte) with);
        return all;
    }

    private static Octets fixed(BigInteger value, int octets) {
        byte[] bytes = value.toByteArray();
        byte[] out = new byte[octets];
        int from = Math.max(0, bytes.length - octets);
        System.arraycopy(bytes, from, out, octets - (bytes.length - from), bytes.length - from);
        return Octets.owned(out);
    }

    // ---- RSA

    /// The bare private operation on a block of as many octets as the modulus.
    private static Octets raw(KeyPair pair, byte[] block) {
        RSAPrivateKey key = (RSAPrivateKey) pair.getPrivate();
        BigInteger m = new BigInteger(1, block);
        return fixed(m.modPow(key.getPrivateExponent(), key.getModulus()), 256);
    }

    /// 00 01 FF .. 00 T, of 256 octets.
    private static byte[] block(byte[] t) {
        return join(hex("0001"), filled(256 - 3 - t.length, 0xff), hex("00"), t);
    }

    private static Maker pkcs1(String digestInfoPrefix, String hash, String behind) {
        return (pair, data) ->
                raw(
                        pair,
                        block(join(hex(digestInfoPrefix), sha(hash, data.toArray()), hex(behind))));
    }

    /// The block of the right signature, changed.
    private interface Change {
        byte[] of(byte[] block, byte[] hash);
    }

    private static Maker changed(Change change) {
        return (pair, data) -> {
            byte[] hash = sha("SHA-256", data.toArray());
            return raw(pair, change.of(block(join(hex(SHA256_PREFIX), hash)), hash));
        };
    }

    // ---- RSA of IKEv1 (RFC 2409, 5.1): what is signed is a hash, and stands in the block as it is

    static final Maker BARE_RIGHT = (pair, hash) -> raw(pair, block(hash.toArray()));

    private static Maker bare(Change change) {
        return (pair, hash) -> raw(pair, change.of(block(hash.toArray()), hash.toArray()));
    }

    static Map<String, Maker> bare() {
        Map<String, Maker> all = new LinkedHashMap<>();
        all.put("block type 2", bare((b, _) -> with(b, 1, 2)));
        all.put("block type 0", bare((b, _) -> with(b, 1, 0)));
        all.put("first octet 1", bare((b, _) -> with(b, 0, 1)));
        all.put("an octet of the padding", bare((b, _) -> with(b, 60, 0xfe)));
        all.put("the first octet of the padding", bare((b, _) -> with(b, 2, 0x7f)));
        all.put("padding with a zero in it", bare((b, _) -> with(b, 9, 0)));
        all.put("no zero behind the padding", bare((b, hash) -> with(b, 255 - hash.length, 0xff)));
        for (int padding : new int[] {0, 1, 7, 8, 9}) {
            for (int rest : new int[] {0, 0xff, 0x5a}) {
                all.put(
                        "padding of " + padding + " octets, then garbage of " + rest,
                        bare((_, hash) -> {
                            byte[] head = join(hex("0001"), filled(padding, 0xff), hex("00"), hash);
                            return join(head, filled(256 - head.length, rest));
                        }));
            }
        }
        all.put("an octet behind the hash", bare((_, hash) -> block(join(hash, hex("00")))));
        all.put("an octet before the hash", bare((_, hash) -> block(join(hex("00"), hash))));
        all.put("half a hash", bare((_, hash) -> block(Arrays.copyOf(hash, hash.length / 2))));
        all.put("the hash of the hash", bare((_, hash) -> block(sha("SHA-1", hash))));
        all.put(
                "the hash in a DigestInfo",
                bare((_, hash) -> block(join(hex("3021300906052b0e03021a05000414"), hash))));
        all.put("as IKEv2 signs, by SHA-1", pkcs1("3021300906052b0e03021a05000414", "SHA-1", ""));
        all.put("as IKEv2 signs, by SHA-256", pkcs1(SHA256_PREFIX, "SHA-256", ""));
        all.put("PSS", (pair, data) -> PSS_RIGHT.make(pair, data));
        all.put(
                "modulus added",
                (pair, hash) -> {
                    BigInteger n = ((RSAPrivateKey) pair.getPrivate()).getModulus();
                    BigInteger s = new BigInteger(1, BARE_RIGHT.make(pair, hash).toArray());
                    return fixed(s.add(n), 257);
                });
        all.put(
                "a zero before it",
                (pair, hash) -> Octets.concat(Octets.of((byte) 0), BARE_RIGHT.make(pair, hash)));
        all.put(
                "a zero behind it",
                (pair, hash) -> Octets.concat(BARE_RIGHT.make(pair, hash), Octets.of((byte) 0)));
        trivial(all);
        all.remove("nothing"); // no SIG payload can say that
        return all;
    }

    static final Maker PKCS1_RIGHT = pkcs1(SHA256_PREFIX, "SHA-256", "");

    static Map<String, Maker> pkcs1() {
        Map<String, Maker> all = new LinkedHashMap<>();
        all.put("block type 2", changed((b, _) -> with(b, 1, 2)));
        all.put("block type 0", changed((b, _) -> with(b, 1, 0)));
        all.put("first octet 1", changed((b, _) -> with(b, 0, 1)));
        all.put("an octet of the padding", changed((b, _) -> with(b, 60, 0xfe)));
        all.put("the first octet of the padding", changed((b, _) -> with(b, 2, 0x7f)));
        all.put("padding with a zero in it", changed((b, _) -> with(b, 9, 0)));
        all.put("no zero behind the padding", changed((b, _) -> with(b, 256 - 52, 0xff)));
        for (int padding : new int[] {0, 1, 7, 8, 9}) {
            for (int rest : new int[] {0, 0xff, 0x5a}) {
                all.put(
                        "padding of " + padding + " octets, then garbage of " + rest,
                        changed((_, hash) -> {
                            byte[] head =
                                    join(
                                            hex("0001"),
                                            filled(padding, 0xff),
                                            hex("00"),
                                            hex(SHA256_PREFIX),
                                            hash);
                            return join(head, filled(256 - head.length, rest));
                        }));
            }
        }
        all.put("an octet behind the hash", pkcs1(SHA256_PREFIX, "SHA-256", "00"));
        all.put(
                "an octet behind the hash, counted",
                pkcs1("3032300d060960864801650304020105000421", "SHA-256", "00"));
        all.put("no DigestInfo", pkcs1("", "SHA-256", ""));
        all.put("no NULL", pkcs1("302f300b0609608648016503040201" + "0420", "SHA-256", ""));
        all.put(
                "a length in two octets",
                pkcs1("308131300d060960864801650304020105000420", "SHA-256", ""));
        all.put(
                "an inner length in two octets",
                pkcs1("303230810d060960864801650304020105000420", "SHA-256", ""));
        all.put(
                "a NULL with a long length",
                pkcs1("3032300e06096086480165030402010581000420", "SHA-256", ""));
        all.put(
                "a NULL with contents",
                pkcs1("3032300e06096086480165030402010501ff0420", "SHA-256", ""));
        all.put(
                "something else than NULL",
                pkcs1("3031300d060960864801650304020104000420", "SHA-256", ""));
        all.put(
                "an indefinite length",
                pkcs1("3080300d060960864801650304020105000420", "SHA-256", "0000"));
        all.put(
                "the hash as a BIT STRING",
                pkcs1("3031300d060960864801650304020105000320", "SHA-256", ""));
        all.put("SHA-1 under SHA-256's name", pkcs1(SHA256_PREFIX, "SHA-1", ""));
        all.put("SHA-1", pkcs1("3021300906052b0e03021a05000414", "SHA-1", ""));
        all.put("SHA-384", pkcs1("3041300d060960864801650304020205000430", "SHA-384", ""));
        all.put("SHA-512", pkcs1("3051300d060960864801650304020305000440", "SHA-512", ""));
        all.put(
                "SHA-256 under SHA-512/256's name",
                pkcs1("3031300d060960864801650304020605000420", "SHA-256", ""));
        all.put(
                "half a hash",
                changed((_, hash) ->
                        block(
                                join(
                                        hex("3021300d060960864801650304020105000410"),
                                        Arrays.copyOf(hash, 16)))));
        all.put("PSS", PSS_RIGHT);
        all.put(
                "modulus added",
                (pair, data) -> {
                    BigInteger n = ((RSAPrivateKey) pair.getPrivate()).getModulus();
                    BigInteger s = new BigInteger(1, PKCS1_RIGHT.make(pair, data).toArray());
                    return fixed(s.add(n), 257);
                });
        all.put(
                "a zero before it",
                (pair, data) -> Octets.concat(Octets.of((byte) 0), PKCS1_RIGHT.make(pair, data)));
        all.put(
                "a zero behind it",
                (pair, data) -> Octets.concat(PKCS1_RIGHT.make(pair, data), Octets.of((byte) 0)));
        trivial(all);
        return all;
    }

    private static void trivial(Map<String, Maker> all) {
        all.put("nothing", (_, _) -> Octets.EMPTY);
        all.put("0", (_, _) -> fixed(BigInteger.ZERO, 256));
        all.put("1", (_, _) -> fixed(BigInteger.ONE, 256));
        all.put("2", (_, _) -> fixed(BigInteger.TWO, 256));
        all.put("n", (pair, _) -> fixed(((RSAPrivateKey) pair.getPrivate()).getModulus(), 256));
        all.put(
                "n - 1",
                (pair, _) ->
                        fixed(
                                ((RSAPrivateKey) pair.getPrivate())
                                        .getModulus()
                                        .subtract(BigInteger.ONE),
                                256));
    }

    private static byte[] with(byte[] block, int at, int value) {
        byte[] other = block.clone();
        other[at] = (byte) value;
        return other;
    }

    // ---- PSS (RFC 8017, 9.1.1)

    /// What may be wrong.
    ///
    /// @param salt octets of it
    /// @param before what stands before the salt, 1 if right
    /// @param fill the octets before that, 0 if right
    private record Pss(
            String hash, String mask, int salt, int before, int fill, int trailer, boolean topBit)
            implements Maker {
        @Override
        public Octets make(KeyPair pair, Octets data) {
            byte[] saltOctets = filled(salt, 0x33);
            byte[] h = sha(hash, new byte[8], sha(hash, data.toArray()), saltOctets);
            int dbOctets = 256 - h.length - 1;
            byte[] db =
                    join(filled(dbOctets - salt - 1, fill), new byte[] {(byte) before}, saltOctets);
            byte[] masked = db.clone();
            byte[] mask = mgf1(this.mask, h, dbOctets);
            for (int i = 0; i < dbOctets; i++) {
                masked[i] ^= mask[i];
            }
            masked[0] &= 0x7f;
            byte[] block = join(masked, h, new byte[] {(byte) trailer});
            if (topBit) {
                block[0] |= (byte) 0x80;
            }
            BigInteger n = ((RSAPrivateKey) pair.getPrivate()).getModulus();
            if (new BigInteger(1, block).compareTo(n) >= 0) {
                block[0] &= 0x7f; // a block beyond the modulus cannot be signed
                block[0] ^= 0x40;
            }
            return raw(pair, block);
        }

        private static byte[] mgf1(String hash, byte[] seed, int octets) {
            byte[] all = new byte[0];
            for (int i = 0; all.length < octets; i++) {
                all = join(all, sha(hash, seed, new byte[] {0, 0, 0, (byte) i}));
            }
            return Arrays.copyOf(all, octets);
        }
    }

    static final Maker PSS_RIGHT = new Pss("SHA-256", "SHA-256", 32, 1, 0, 0xbc, false);

    static Map<String, Maker> pss() {
        Map<String, Maker> all = new LinkedHashMap<>();
        for (int salt : new int[] {0, 20, 31, 33, 64, 222}) {
            all.put("a salt of " + salt, new Pss("SHA-256", "SHA-256", salt, 1, 0, 0xbc, false));
        }
        for (int trailer : new int[] {0, 0xcc, 0xbd, 0x3c}) {
            all.put("trailer " + trailer, new Pss("SHA-256", "SHA-256", 32, 1, 0, trailer, false));
        }
        for (int before : new int[] {0, 2, 0x81, 0xff}) {
            all.put(
                    before + " before the salt",
                    new Pss("SHA-256", "SHA-256", 32, before, 0, 0xbc, false));
        }
        all.put("padding that is not zero", new Pss("SHA-256", "SHA-256", 32, 1, 1, 0xbc, false));
        all.put("the top bit", new Pss("SHA-256", "SHA-256", 32, 1, 0, 0xbc, true));
        all.put("masked by SHA-1", new Pss("SHA-256", "SHA-1", 32, 1, 0, 0xbc, false));
        all.put("masked by SHA-512", new Pss("SHA-256", "SHA-512", 32, 1, 0, 0xbc, false));
        all.put("SHA-1", new Pss("SHA-1", "SHA-1", 20, 1, 0, 0xbc, false));
        all.put("SHA-1, a salt of 32", new Pss("SHA-1", "SHA-1", 32, 1, 0, 0xbc, false));
        all.put("SHA-384", new Pss("SHA-384", "SHA-384", 48, 1, 0, 0xbc, false));
        all.put("SHA-512", new Pss("SHA-512", "SHA-512", 64, 1, 0, 0xbc, false));
        all.put("PKCS #1", PKCS1_RIGHT);
        trivial(all);
        return all;
    }

    // ---- ECDSA

    private static Octets rightEcdsa(KeyPair pair, Octets data) throws GeneralSecurityException {
        int bits = order(pair).bitLength();
        String hash = bits == 256 ? "SHA256" : bits == 384 ? "SHA384" : "SHA512";
        Signature s = Signature.getInstance(hash + "withECDSAinP1363Format");
        s.initSign(pair.getPrivate());
        s.update(data.toArray());
        return Octets.owned(s.sign());
    }

    private static BigInteger order(KeyPair pair) {
        return ((ECPublicKey) pair.getPublic()).getParams().getOrder();
    }

    private static byte[] integer(BigInteger value) {
        return tlv(2, value.toByteArray());
    }

    private static byte[] tlv(int tag, byte[] contents) {
        return contents.length < 128
                ? join(new byte[] {(byte) tag, (byte) contents.length}, contents)
                : join(new byte[] {(byte) tag, (byte) 0x81, (byte) contents.length}, contents);
    }

    private static Octets der(BigInteger r, BigInteger s) {
        return Octets.owned(tlv(0x30, join(integer(r), integer(s))));
    }

    /// Changes r and s of a right signature.
    private interface Numbers {
        Octets of(BigInteger r, BigInteger s, BigInteger n);
    }

    private static Maker numbers(Numbers change) {
        return (pair, data) -> {
            byte[] raw = rightEcdsa(pair, data).toArray();
            return change.of(
                    new BigInteger(1, Arrays.copyOf(raw, raw.length / 2)),
                    new BigInteger(1, Arrays.copyOfRange(raw, raw.length / 2, raw.length)),
                    order(pair));
        };
    }

    static final Maker ECDSA_RIGHT = numbers((r, s, _) -> der(r, s));

    /// FIPS 186-5, 6.4.2 takes it: to whom it matters that there are two, must look for it.
    static final Maker ECDSA_OTHER_HALF = numbers((r, s, n) -> der(r, n.subtract(s)));

    static Map<String, Maker> ecdsa() {
        Map<String, Maker> all = new LinkedHashMap<>();
        BigInteger zero = BigInteger.ZERO;
        BigInteger one = BigInteger.ONE;
        Map<String, java.util.function.UnaryOperator<BigInteger>> odd = new LinkedHashMap<>();
        odd.put("0", _ -> zero);
        odd.put("1", _ -> one);
        odd.put("-1", _ -> one.negate());
        odd.put("n", n -> n);
        odd.put("n - 1", n -> n.subtract(one));
        odd.put("n + 1", n -> n.add(one));
        odd.put("2^256", _ -> one.shiftLeft(256));
        odd.forEach((nameR, r) -> {
            odd.forEach((nameS, s) ->
                    all.put(
                            "r = " + nameR + ", s = " + nameS,
                            numbers((_, _, n) -> der(r.apply(n), s.apply(n)))));
            all.put("r = " + nameR, numbers((_, s, n) -> der(r.apply(n), s)));
            all.put("s = " + nameR, numbers((right, _, n) -> der(right, r.apply(n))));
        });
        all.put("r + n", numbers((r, s, n) -> der(r.add(n), s)));
        all.put("s + n", numbers((r, s, n) -> der(r, s.add(n))));
        all.put("r - n", numbers((r, s, n) -> der(r.subtract(n), s)));
        all.put("s - n", numbers((r, s, n) -> der(r, s.subtract(n))));
        all.put("-r", numbers((r, s, _) -> der(r.negate(), s)));
        all.put("r + 2^320", numbers((r, s, _) -> der(r.add(one.shiftLeft(320)), s)));
        all.put("r and s changed", numbers((r, s, _) -> der(s, r)));
        ecdsaForms(all);
        return all;
    }

    private static void ecdsaForms(Map<String, Maker> all) {
        form(
                all,
                "as two numbers without DER",
                (r, s) -> join(fixed(r, 32).toArray(), fixed(s, 32).toArray()));
        form(
                all,
                "a length in two octets",
                (r, s) -> {
                    byte[] body = join(integer(r), integer(s));
                    return join(new byte[] {0x30, (byte) 0x81, (byte) body.length}, body);
                });
        form(
                all,
                "a length in three octets",
                (r, s) -> {
                    byte[] body = join(integer(r), integer(s));
                    return join(new byte[] {0x30, (byte) 0x82, 0, (byte) body.length}, body);
                });
        form(
                all,
                "an indefinite length",
                (r, s) -> join(hex("3080"), integer(r), integer(s), hex("0000")));
        form(
                all,
                "an inner length in two octets",
                (r, s) -> {
                    byte[] first = r.toByteArray();
                    return tlv(
                            0x30,
                            join(
                                    new byte[] {2, (byte) 0x81, (byte) first.length},
                                    first,
                                    integer(s)));
                });
        form(
                all,
                "a zero before r",
                (r, s) -> tlv(0x30, join(tlv(2, join(hex("00"), r.toByteArray())), integer(s))));
        form(
                all,
                "a zero before s",
                (r, s) -> tlv(0x30, join(integer(r), tlv(2, join(hex("00"), s.toByteArray())))));
        form(
                all,
                "r as an OCTET STRING",
                (r, s) -> tlv(0x30, join(tlv(4, r.toByteArray()), integer(s))));
        form(all, "a SET", (r, s) -> tlv(0x31, join(integer(r), integer(s))));
        form(all, "a number more", (r, s) -> tlv(0x30, join(integer(r), integer(s), integer(r))));
        form(all, "a NULL inside", (r, s) -> tlv(0x30, join(integer(r), integer(s), hex("0500"))));
        form(
                all,
                "a NULL behind",
                (r, s) -> join(tlv(0x30, join(integer(r), integer(s))), hex("0500")));
        form(all, "a number less", (r, _) -> tlv(0x30, integer(r)));
        form(all, "no number", (_, _) -> hex("3000"));
        form(
                all,
                "cut",
                (r, s) -> {
                    byte[] right = tlv(0x30, join(integer(r), integer(s)));
                    return Arrays.copyOf(right, right.length - 1);
                });
        form(
                all,
                "a length too large",
                (r, s) -> {
                    byte[] right = tlv(0x30, join(integer(r), integer(s)));
                    right[1]++;
                    return right;
                });
        form(
                all,
                "a length too small",
                (r, s) -> {
                    byte[] right = tlv(0x30, join(integer(r), integer(s)));
                    right[1]--;
                    return right;
                });
        form(
                all,
                "wrapped once more",
                (r, s) -> tlv(0x30, tlv(0x30, join(integer(r), integer(s)))));
        form(all, "nothing", (_, _) -> new byte[0]);
    }

    // ---- ECDSA as RFC 4754 writes it: r and s one behind the other, without DER

    private static int octets(BigInteger n) {
        return (n.bitLength() + 7) / 8;
    }

    private static Octets two(BigInteger r, BigInteger s, int octets) {
        return Octets.concat(fixed(r, octets), fixed(s, octets));
    }

    static final Maker RAW_RIGHT = numbers((r, s, n) -> two(r, s, octets(n)));

    static Map<String, Maker> ecdsaRaw() {
        Map<String, Maker> all = new LinkedHashMap<>();
        BigInteger one = BigInteger.ONE;
        Map<String, java.util.function.UnaryOperator<BigInteger>> odd = new LinkedHashMap<>();
        odd.put("0", _ -> BigInteger.ZERO);
        odd.put("1", _ -> one);
        odd.put("n", n -> n);
        odd.put("n - 1", n -> n.subtract(one));
        odd.put("n + 1", n -> n.add(one));
        odd.put("all ones", n -> one.shiftLeft(8 * octets(n)).subtract(one));
        odd.forEach((nameR, r) -> {
            odd.forEach((nameS, s) ->
                    all.put(
                            "r = " + nameR + ", s = " + nameS,
                            numbers((_, _, n) -> two(r.apply(n), s.apply(n), octets(n)))));
            all.put("r = " + nameR, numbers((_, s, n) -> two(r.apply(n), s, octets(n))));
            all.put("s = " + nameR, numbers((right, _, n) -> two(right, r.apply(n), octets(n))));
        });
        all.put("r and s changed", numbers((r, s, n) -> two(s, r, octets(n))));
        all.put("n - r", numbers((r, s, n) -> two(n.subtract(r), s, octets(n))));
        all.put("in DER", ECDSA_RIGHT);
        all.put("an octet more of each", numbers((r, s, n) -> two(r, s, octets(n) + 1)));
        all.put("an octet less of each", numbers((r, s, n) -> two(r, s, octets(n) - 1)));
        all.put(
                "an octet behind",
                numbers((r, s, n) -> Octets.concat(two(r, s, octets(n)), Octets.of((byte) 0))));
        all.put(
                "an octet before",
                numbers((r, s, n) -> Octets.concat(Octets.of((byte) 0), two(r, s, octets(n)))));
        all.put("cut", numbers((r, s, n) -> two(r, s, octets(n)).slice(0, 2 * octets(n) - 1)));
        all.put("no s", numbers((r, _, n) -> fixed(r, octets(n))));
        all.put("nothing", (_, _) -> Octets.EMPTY);
        return all;
    }

    private interface Form {
        byte[] of(BigInteger r, BigInteger s);
    }

    private static void form(Map<String, Maker> all, String name, Form form) {
        all.put(name, numbers((r, s, _) -> Octets.owned(form.of(r, s))));
    }

    // ---- EdDSA

    private static final BigInteger L25519 =
            BigInteger.ONE
                    .shiftLeft(252)
                    .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger L448 =
            BigInteger.ONE
                    .shiftLeft(446)
                    .subtract(
                            new BigInteger(
                                    "1381806680989511535200738674851542688033669247488217860989454"
                                            + "7503885"));

    private static Octets edSign(KeyPair pair, Octets data, EdDSAParameterSpec how)
            throws GeneralSecurityException {
        Signature s =
                Signature.getInstance(((EdECPrivateKey) pair.getPrivate()).getParams().getName());
        s.setParameter(how);
        s.initSign(pair.getPrivate());
        s.update(data.toArray());
        return Octets.owned(s.sign());
    }

    static final Maker ED_RIGHT = (pair, data) -> edSign(pair, data, new EdDSAParameterSpec(false));

    /// @param octets of R; S is as long
    static Map<String, Maker> ed(int octets) {
        BigInteger order = octets == 32 ? L25519 : L448;
        Map<String, Maker> all = new LinkedHashMap<>();
        for (int times = 1; times <= 3; times++) {
            BigInteger more = order.multiply(BigInteger.valueOf(times));
            all.put(
                    "S + " + times + " L",
                    (pair, data) -> {
                        byte[] right = ED_RIGHT.make(pair, data).toArray();
                        BigInteger s =
                                little(Arrays.copyOfRange(right, octets, 2 * octets)).add(more);
                        return Octets.concat(
                                Octets.owned(Arrays.copyOf(right, octets)), littleFixed(s, octets));
                    });
        }
        all.put(
                "S = L",
                (pair, data) ->
                        Octets.concat(
                                ED_RIGHT.make(pair, data).slice(0, octets),
                                littleFixed(order, octets)));
        all.put(
                "S = 0",
                (pair, data) ->
                        Octets.concat(
                                ED_RIGHT.make(pair, data).slice(0, octets),
                                Octets.owned(new byte[octets])));
        all.put("all zeros", (_, _) -> Octets.owned(new byte[2 * octets]));
        all.put("all ones", (_, _) -> Octets.owned(filled(2 * octets, 0xff)));
        all.put(
                "the neutral element, S = 0",
                (_, _) -> {
                    byte[] r = new byte[2 * octets];
                    r[0] = 1;
                    return Octets.owned(r);
                });
        all.put(
                "R beyond the field",
                (pair, data) ->
                        Octets.concat(
                                Octets.owned(filled(octets, 0xff)),
                                ED_RIGHT.make(pair, data).slice(octets, 2 * octets)));
        all.put(
                "the sign of R",
                (pair, data) -> {
                    byte[] right = ED_RIGHT.make(pair, data).toArray();
                    right[octets - 1] ^= (byte) 0x80;
                    return Octets.owned(right);
                });
        all.put(
                "the top bit of S",
                (pair, data) -> {
                    byte[] right = ED_RIGHT.make(pair, data).toArray();
                    right[2 * octets - 1] ^= (byte) 0x80;
                    return Octets.owned(right);
                });
        all.put(
                "S before R",
                (pair, data) -> {
                    Octets right = ED_RIGHT.make(pair, data);
                    return Octets.concat(right.slice(octets, 2 * octets), right.slice(0, octets));
                });
        all.put("prehashed", (pair, data) -> edSign(pair, data, new EdDSAParameterSpec(true)));
        all.put(
                "with a context",
                (pair, data) -> edSign(pair, data, new EdDSAParameterSpec(false, new byte[] {1})));
        all.put(
                "an octet more",
                (pair, data) -> Octets.concat(ED_RIGHT.make(pair, data), Octets.of((byte) 0)));
        all.put(
                "an octet less",
                (pair, data) -> ED_RIGHT.make(pair, data).slice(0, 2 * octets - 1));
        all.put("nothing", (_, _) -> Octets.EMPTY);
        return all;
    }

    static BigInteger little(byte[] octets) {
        byte[] big = new byte[octets.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = octets[octets.length - 1 - i];
        }
        return new BigInteger(1, big);
    }

    private static Octets littleFixed(BigInteger value, int octets) {
        byte[] big = fixed(value, octets).toArray();
        byte[] little = new byte[octets];
        for (int i = 0; i < octets; i++) {
            little[i] = big[octets - 1 - i];
        }
        return Octets.owned(little);
    }
}
