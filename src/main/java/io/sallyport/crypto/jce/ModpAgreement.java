package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.ModpPrimes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPrivateKeySpec;
import javax.crypto.spec.DHPublicKeySpec;

/// Diffie-Hellman modulo a prime. The parameters are given in full: by bit length the JDK would
/// take the primes of RFC 7919.
final class ModpAgreement implements KeyAgreement {
    private final Group group;
    private final BigInteger prime;
    private final BigInteger generator;

    ModpAgreement(Group group) {
        this.group = group;
        this.prime = ModpPrimes.prime(group);
        this.generator = ModpPrimes.generator(group);
    }

    @Override
    public Ephemeral generate() {
        try {
            var generate = KeyPairGenerator.getInstance("DH");
            generate.initialize(
                    new DHParameterSpec(prime, generator, ModpPrimes.exponentBits(group)));
            var pair = generate.generateKeyPair();
            return new Half(pair.getPrivate(), fixed(((DHPublicKey) pair.getPublic()).getY()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Ephemeral restore(Secret privateValue, Octets publicValue) {
        try {
            var x = new BigInteger(1, privateValue.expose());
            return new Half(
                    KeyFactory.getInstance("DH")
                            .generatePrivate(new DHPrivateKeySpec(x, prime, generator)),
                    publicValue);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// RFC 2409, 5: the value is as long as the prime, with zeros in front if it has to be.
    private Octets fixed(BigInteger value) {
        return Octets.owned(FixedLength.bigEndian(value, group.publicOctets()));
    }

    private BigInteger check(Octets peerPublic) throws BadPublicValue {
        // RFC 7296, 3.4: "The length of the Diffie-Hellman public value for MODP groups MUST be
        // equal to the length of the prime modulus"
        if (peerPublic.length() != group.publicOctets()) {
            throw new BadPublicValue(
                    (group + ": " + peerPublic.length() + " octets instead of ")
                            + group.publicOctets());
        }
        BigInteger y = new BigInteger(1, peerPublic.toArray());
        // RFC 6989, 2.1: "Each recipient MUST verify that the peer's public value r is in the legal
        // range (1 < r < p-1)."
        if (y.compareTo(BigInteger.ONE) <= 0 || y.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
            throw new BadPublicValue(group + ": value is not between 1 and p - 1");
        }
        // RFC 6989, 2.2: "and that r^q = 1 mod p (where q is the size of the subgroup, as listed in
        // the RFC defining the group)"
        if (ModpPrimes.hasSmallSubgroups(group)
                && !y.modPow(ModpPrimes.order(group), prime).equals(BigInteger.ONE)) {
            throw new BadPublicValue(group + ": value is outside the subgroup of prime order");
        }
        return y;
    }

    private final class Half extends OwnHalf {
        Half(PrivateKey key, Octets publicValue) {
            super(key, publicValue);
        }

        @Override
        public Secret agree(Octets peerPublic) throws BadPublicValue {
            BigInteger y = check(peerPublic);
            try {
                var peer =
                        KeyFactory.getInstance("DH")
                                .generatePublic(new DHPublicKeySpec(y, prime, generator));
                // JCE pads the secret to the prime's length with leading zeros, as we need it.
                Secret secret = shared("DH", peer);
                if (secret.length() != group.publicOctets()) {
                    throw new IllegalStateException(group + " gave " + secret);
                }
                return secret;
            } catch (InvalidKeyException | InvalidKeySpecException e) {
                // We have checked the value; should a provider know better, it is still the peer's.
                throw new BadPublicValue(group + ": " + e.getMessage());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
