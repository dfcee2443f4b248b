package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.DecapsulateException;
import javax.crypto.KEM;

/// ML-KEM (FIPS 203). The public value of the initiator is an encapsulation key, that of the
/// responder a ciphertext.
///
/// A ciphertext that was tampered with gives another secret and no error ("implicit rejection"):
/// the exchange then fails when it is authenticated.
final class KemAgreement implements KeyAgreement {
    private final Group group;

    KemAgreement(Group group) {
        this.group = group;
    }

    static String name(Group group) {
        return switch (group) {
            case ML_KEM_512 -> "ML-KEM-512";
            case ML_KEM_768 -> "ML-KEM-768";
            case ML_KEM_1024 -> "ML-KEM-1024";
            default -> throw new IllegalArgumentException(group + " is no KEM");
        };
    }

    /// SubjectPublicKeyInfo up to the key: NIST's OIDs 2.16.840.1.101.3.4.4.1 to 3, and a BIT
    /// STRING.
    private Octets prefix() {
        int key = group.publicOctets();
        int whole = 13 + 5 + key;
        return Octets.concat(
                Octets.of((byte) 0x30, (byte) 0x82, (byte) (whole >>> 8), (byte) whole),
                Octets.hex("300b06096086480165030404"),
                Octets.of((byte) (group.number() - Group.ML_KEM_512.number() + 1)),
                Octets.of((byte) 0x03, (byte) 0x82),
                Octets.of((byte) (key + 1 >>> 8), (byte) (key + 1), (byte) 0));
    }

    @Override
    public Ephemeral generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(name(group)).generateKeyPair();
            Octets info = Octets.owned(pair.getPublic().getEncoded());
            int from = info.length() - group.publicOctets();
            if (!info.slice(0, from).equals(prefix())) {
                throw new IllegalStateException(group + ": encoding of another kind");
            }
            return new Half(pair.getPrivate(), info.slice(from, info.length()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param privateValue PKCS #8
    @Override
    public Ephemeral restore(Secret privateValue, Octets publicValue) {
        try {
            PrivateKey key =
                    KeyFactory.getInstance(name(group))
                            .generatePrivate(new PKCS8EncodedKeySpec(privateValue.expose()));
            return new Half(key, publicValue);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Answer answer(Octets peerPublic) throws BadPublicValue {
        check(peerPublic);
        try {
            PublicKey key =
                    KeyFactory.getInstance(name(group))
                            .generatePublic(
                                    new X509EncodedKeySpec(
                                            Octets.concat(prefix(), peerPublic).toArray()));
            KEM.Encapsulated made = KEM.getInstance("ML-KEM").newEncapsulator(key).encapsulate();
            return new Answer(
                    Octets.owned(made.encapsulation()), Secret.owned(made.key().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new BadPublicValue(group + ": " + e.getMessage());
        }
    }

    /// FIPS 203, 7.2: the type check, a length; and the modulus check, every coefficient of the
    /// vector t, which come in 12 bits each, is below q = 3329. The last 32 octets are a seed.
    private void check(Octets key) throws BadPublicValue {
        if (key.length() != group.publicOctets()) {
            throw new BadPublicValue(
                    group + ": " + key.length() + " octets instead of " + group.publicOctets());
        }
        for (int i = 0; i + 3 <= key.length() - 32; i += 3) {
            int low = key.at(i) | (key.at(i + 1) & 0x0f) << 8;
            int high = key.at(i + 1) >>> 4 | key.at(i + 2) << 4;
            if (low >= 3329 || high >= 3329) {
                throw new BadPublicValue(group + ": coefficient outside the field");
            }
        }
    }

    private final class Half implements Ephemeral {
        private final Octets publicValue;
        private final PrivateKey key;
        private boolean closed;

        Half(PrivateKey key, Octets publicValue) {
            this.key = key;
            this.publicValue = publicValue;
        }

        @Override
        public Octets publicValue() {
            return publicValue;
        }

        @Override
        public Secret agree(Octets ciphertext) throws BadPublicValue {
            if (closed) {
                throw new IllegalStateException("private value used after it was closed");
            }
            if (ciphertext.length() != group.answerOctets()) {
                throw new BadPublicValue(
                        (group + ": " + ciphertext.length() + " octets instead of ")
                                + group.answerOctets());
            }
            try {
                return Secret.owned(
                        KEM.getInstance("ML-KEM")
                                .newDecapsulator(key)
                                .decapsulate(ciphertext.toArray())
                                .getEncoded());
            } catch (DecapsulateException e) {
                throw new BadPublicValue(group + ": " + e.getMessage());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
