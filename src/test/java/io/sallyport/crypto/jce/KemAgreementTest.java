package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.KeyAgreement.Answer;
import io.sallyport.crypto.engine.KeyAgreement.BadPublicValue;
import io.sallyport.crypto.engine.KeyAgreement.Ephemeral;
import io.sallyport.crypto.suite.Group;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KemAgreementTest {
    private static final JceEngine JCE = new JceEngine();

    @ParameterizedTest
    @EnumSource(names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
    void bothSidesComeToTheSameSecret(Group group) throws BadPublicValue {
        KeyAgreement kem = JCE.agreement(group);
        try (Ephemeral initiator = kem.generate()) {
            assertEquals(group.publicOctets(), initiator.publicValue().length());
            Answer answer = kem.answer(initiator.publicValue());
            assertEquals(group.answerOctets(), answer.publicValue().length());
            assertEquals(32, answer.secret().length());
            assertEquals(answer.secret(), initiator.agree(answer.publicValue()));
            byte[] spoilt = answer.publicValue().toArray();
            spoilt[7] ^= 1;
            assertNotEquals(answer.secret(), initiator.agree(Octets.owned(spoilt)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
    void valuesOfAWrongLengthOrOutsideTheFieldAreRefused(Group group) {
        KeyAgreement kem = JCE.agreement(group);
        try (Ephemeral initiator = kem.generate()) {
            Octets key = initiator.publicValue();
            for (Octets wrong :
                    new Octets[] {
                        Octets.EMPTY,
                        key.slice(0, key.length() - 1),
                        Octets.concat(key, Octets.of((byte) 0))
                    }) {
                assertThrows(BadPublicValue.class, () -> kem.answer(wrong));
                assertThrows(BadPublicValue.class, () -> initiator.agree(wrong));
            }
            // Who answers as with Diffie-Hellman is told; keys and ciphertexts of ML-KEM-1024 are
            // of one length
            if (group.answerOctets() != group.publicOctets()) {
                assertThrows(BadPublicValue.class, () -> initiator.agree(key));
            }
            // FIPS 203, 7.2: a coefficient of 3329, then of 4095
            byte[] beyond = key.toArray();
            beyond[0] = 0x01;
            beyond[1] = (byte) (beyond[1] & 0xf0 | 0x0d);
            assertThrows(BadPublicValue.class, () -> kem.answer(Octets.of(beyond)));
            beyond[0] = 0;
            beyond[1] = (byte) (beyond[1] & 0xf0);
            beyond[key.length() - 33] = (byte) 0xff;
            beyond[key.length() - 34] |= (byte) 0xf0;
            assertThrows(BadPublicValue.class, () -> kem.answer(Octets.of(beyond)));
        }
    }

    /// A key of the JDK's, a ciphertext and a secret made for it by OpenSSL.
    @Test
    void opensWhatOpenSslEncapsulated() throws IOException, BadPublicValue {
        String[] lines;
        try (var in = KemAgreementTest.class.getResourceAsStream("/crypto/mlkem768-openssl.txt")) {
            if (in == null) {
                throw new IOException("vector is missing");
            }
            lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n");
        }
        try (Secret own = Secret.of(Octets.hex(lines[0]));
                Ephemeral half = JCE.agreement(Group.ML_KEM_768).restore(own, Octets.EMPTY);
                Secret secret = half.agree(Octets.hex(lines[1]))) {
            assertEquals(Secret.of(Octets.hex(lines[2])), secret);
        }
    }

    /// With Diffie-Hellman `answer` is a pair and an agreement.
    @Test
    void everyGroupCanAnswer() throws BadPublicValue {
        KeyAgreement x448 = JCE.agreement(Group.CURVE_448);
        try (Ephemeral initiator = x448.generate()) {
            Answer answer = x448.answer(initiator.publicValue());
            assertEquals(answer.secret(), initiator.agree(answer.publicValue()));
            assertThrows(BadPublicValue.class, () -> initiator.agree(Octets.owned(new byte[56])));
            assertThrows(BadPublicValue.class, () -> initiator.agree(Octets.owned(new byte[32])));
        }
    }
}
