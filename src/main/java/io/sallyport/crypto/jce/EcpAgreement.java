package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;

/// Diffie-Hellman on the NIST curves (RFC 5903): the public value is x | y, the secret is x.
final class EcpAgreement implements KeyAgreement {
    private final Group group;
    private final ECParameterSpec curve;

    EcpAgreement(Group group) throws GeneralSecurityException {
        this.group = group;
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(JceNames.curve(group)));
        this.curve = parameters.getParameterSpec(ECParameterSpec.class);
    }

    @Override
    public Ephemeral generate() {
        try {
            var generate = KeyPairGenerator.getInstance("EC");
            generate.initialize(curve);
            var pair = generate.generateKeyPair();
            ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
            int coordinate = group.publicOctets() / 2;
            byte[] octets = new byte[group.publicOctets()];
            FixedLength.bigEndian(point.getAffineX(), octets, 0, coordinate);
            FixedLength.bigEndian(point.getAffineY(), octets, coordinate, coordinate);
            return new Half(pair.getPrivate(), Octets.owned(octets));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Ephemeral restore(Secret privateValue, Octets publicValue) {
        try {
            var s = new BigInteger(1, privateValue.expose());
            return new Half(
                    KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(s, curve)),
                    publicValue);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// RFC 6989, 2.3: "A receiving peer MUST check that its peer's public value is valid; that is,
    /// the x and y parameters from the peer's public value satisfy the curve equation". The point
    /// at infinity has no encoding, and (0, 0) is on none of the curves.
    private ECPoint check(Octets peerPublic) throws BadPublicValue {
        int length = group.publicOctets();
        if (peerPublic.length() != length) {
            throw new BadPublicValue(
                    group + ": " + peerPublic.length() + " octets instead of " + length);
        }
        BigInteger x = new BigInteger(1, peerPublic.slice(0, length / 2).toArray());
        BigInteger y = new BigInteger(1, peerPublic.slice(length / 2, length).toArray());
        if (!EcdsaForm.isOnCurve(curve.getCurve(), x, y)) {
            throw new BadPublicValue(group + ": point is not on the curve");
        }
        return new ECPoint(x, y);
    }

    private final class Half extends OwnHalf {
        Half(PrivateKey key, Octets publicValue) {
            super(key, publicValue);
        }

        @Override
        public Secret agree(Octets peerPublic) throws BadPublicValue {
            ECPoint point = check(peerPublic);
            try {
                var peer =
                        KeyFactory.getInstance("EC")
                                .generatePublic(new ECPublicKeySpec(point, curve));
                return shared("ECDH", peer);
            } catch (InvalidKeyException | InvalidKeySpecException e) {
                // We have checked the value; should a provider know better, it is still the peer's.
                throw new BadPublicValue(group + ": " + e.getMessage());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
