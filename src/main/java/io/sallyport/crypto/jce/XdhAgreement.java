package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;

/// X25519 and X448 (RFC 7748, RFC 8031). Everything is little endian.
final class XdhAgreement implements KeyAgreement {
    private final Group group;
    private final NamedParameterSpec curve;

    XdhAgreement(Group group) {
        this.group = group;
        this.curve = group == Group.CURVE_448 ? NamedParameterSpec.X448 : NamedParameterSpec.X25519;
    }

    static String name(Group group) {
        return group == Group.CURVE_448 ? "X448" : "X25519";
    }

    @Override
    public Ephemeral generate() {
        try {
            var pair = KeyPairGenerator.getInstance(name(group)).generateKeyPair();
            BigInteger u = ((XECPublicKey) pair.getPublic()).getU();
            byte[] big = FixedLength.bigEndian(u, group.publicOctets());
            return new Half(pair.getPrivate(), Octets.owned(FixedLength.reversed(big)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Ephemeral restore(Secret privateValue, Octets publicValue) {
        try {
            var key =
                    KeyFactory.getInstance(name(group))
                            .generatePrivate(new XECPrivateKeySpec(curve, privateValue.expose()));
            return new Half(key, publicValue);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Half extends OwnHalf {
        Half(PrivateKey key, Octets publicValue) {
            super(key, publicValue);
        }

        @Override
        public Secret agree(Octets peerPublic) throws BadPublicValue {
            // RFC 8031, 3.1: 32 octets, with X448 56: the u coordinate
            if (peerPublic.length() != group.publicOctets()) {
                throw new BadPublicValue(group + ": " + peerPublic.length() + " octets");
            }
            byte[] big = FixedLength.reversed(peerPublic.toArray());
            if (group == Group.CURVE_25519) {
                // RFC 7748, 5: "MUST mask the most significant bit in the final byte"
                big[0] &= 0x7f;
            }
            try {
                var peer =
                        KeyFactory.getInstance(name(group))
                                .generatePublic(
                                        new XECPublicKeySpec(curve, new BigInteger(1, big)));
                Secret secret = shared("XDH", peer);
                // RFC 7748, 6.1: "Both MAY check, without leaking extra information about the
                // value of K, whether K is the all-zero value and abort if so". We do.
                if (secret.equals(Secret.owned(new byte[secret.length()]))) {
                    throw new BadPublicValue(group + ": the secret is zero");
                }
                return secret;
            } catch (InvalidKeyException _) {
                // How the JDK itself refuses points of small order.
                throw new BadPublicValue(group + ": point of small order");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
