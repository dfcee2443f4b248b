package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.KeyAgreement.BadPublicValue;
import io.sallyport.crypto.engine.KeyAgreement.Ephemeral;
import io.sallyport.crypto.suite.Group;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Known answers of the key agreements.
///
/// RFC 5114 and RFC 7748 print theirs. For the primes of RFC 2409 and 3526 nobody does: there the
/// peer's value is 4, our exponent that of RFC 5114, A.3, and the SHA-256 of the secret was
/// computed with another implementation (Python's integers). Then a fresh value of the engine's has
/// to agree with a known one.
final class AgreementAnswers {
    private AgreementAnswers() {}

    static void check(CryptoEngine engine, Group group) throws WrongAnswer {
        KeyAgreement agreement = engine.agreement(group);
        try {
            switch (group) {
                case MODP_1024_160 -> published(agreement, group, AgreementVector.MODP_1024_160);
                case MODP_2048_224 -> published(agreement, group, AgreementVector.MODP_2048_224);
                case MODP_2048_256 -> published(agreement, group, AgreementVector.MODP_2048_256);
                case ECP_256 -> published(agreement, group, AgreementVector.ECP_256);
                case ECP_384 -> published(agreement, group, AgreementVector.ECP_384);
                case ECP_521 -> published(agreement, group, AgreementVector.ECP_521);
                case CURVE_25519 -> published(agreement, group, AgreementVector.CURVE_25519);
                case CURVE_448 -> published(agreement, group, AgreementVector.CURVE_448);
                case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> encapsulated(agreement, group);
                case MODP_768,
                        MODP_1024,
                        MODP_1536,
                        MODP_2048,
                        MODP_3072,
                        MODP_4096,
                        MODP_6144,
                        MODP_8192 ->
                        computed(agreement, group);
                case NONE -> throw new WrongAnswer("no group");
            }
        } catch (BadPublicValue e) {
            throw new WrongAnswer("refused a good value: " + e.getMessage());
        }
    }

    private static void published(KeyAgreement agreement, Group group, AgreementVector vector)
            throws WrongAnswer, BadPublicValue {
        try (Secret own = vector.privateValue();
                Ephemeral known = agreement.restore(own, vector.publicValue());
                Secret secret = known.agree(vector.peer())) {
            WrongAnswer.unlessEqual(vector.secret(), Octets.owned(secret.expose()), "known pair");
            withFresh(agreement, group, known);
        }
    }

    private static void computed(KeyAgreement agreement, Group group)
            throws WrongAnswer, BadPublicValue {
        byte[] four = new byte[group.publicOctets()];
        four[four.length - 1] = 4;
        Octets square = Octets.owned(four); // 2^2: the public value of exponent 2
        try (Secret own = AgreementVector.MODP_2048_256.privateValue();
                Ephemeral known = agreement.restore(own, Octets.EMPTY);
                Secret secret = known.agree(square)) {
            WrongAnswer.unlessEqual(digestOf(group), sha256(secret), "known pair");
        }
        try (Secret two = Secret.of(new byte[] {2});
                Ephemeral known = agreement.restore(two, square)) {
            withFresh(agreement, group, known);
        }
    }

    private static void withFresh(KeyAgreement agreement, Group group, Ephemeral known)
            throws WrongAnswer, BadPublicValue {
        try (Ephemeral fresh = agreement.generate();
                Secret ours = fresh.agree(known.publicValue());
                Secret theirs = known.agree(fresh.publicValue())) {
            WrongAnswer.unless(
                    fresh.publicValue().length() == group.publicOctets(),
                    "public value of a wrong length");
            WrongAnswer.unless(ours.equals(theirs), "both sides came to different secrets");
        }
    }

    /// Nobody can foretell a ciphertext: what is asked is that both sides agree, twice differently,
    /// and no more when a bit of the ciphertext is flipped.
    private static void encapsulated(KeyAgreement agreement, Group group)
            throws WrongAnswer, BadPublicValue {
        try (Ephemeral initiator = agreement.generate()) {
            Octets key = initiator.publicValue();
            KeyAgreement.Answer one = agreement.answer(key);
            KeyAgreement.Answer other = agreement.answer(key);
            byte[] spoilt = one.publicValue().toArray();
            spoilt[spoilt.length / 2] ^= 1;
            try (Secret theirs = one.secret();
                    Secret ours = initiator.agree(one.publicValue());
                    Secret second = other.secret();
                    Secret wrong = initiator.agree(Octets.owned(spoilt))) {
                WrongAnswer.unless(
                        key.length() == group.publicOctets()
                                && one.publicValue().length() == group.answerOctets(),
                        "public value of a wrong length");
                WrongAnswer.unless(ours.equals(theirs), "both sides came to different secrets");
                WrongAnswer.unless(!ours.equals(second), "the same secret twice");
                WrongAnswer.unless(!ours.equals(wrong), "a spoilt ciphertext gave the secret");
            }
        }
    }

    private static Octets sha256(Secret secret) {
        try {
            return Octets.owned(MessageDigest.getInstance("SHA-256").digest(secret.expose()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Octets digestOf(Group group) throws WrongAnswer {
        return Octets.hex(
                switch (group) {
                    case MODP_768 ->
                            "45efafc4f050ef9c6a4f0af54bd5f716648df712444aeffcbab45424ac50acc7";
                    case MODP_1024 ->
                            "cbadae174c64f2dd87cc42422121e2c6116ef7c577645d85d180b2ec7d21ebbe";
                    case MODP_1536 ->
                            "bb612ffb2cbe8a57a772fb65a6792fc126422c614b3c56bad13321aa7466c26b";
                    case MODP_2048 ->
                            "9e4be3c5c8c7b74ce9214dfbcf054b86992afdb96d032d314f9fe581e1abffdd";
                    case MODP_3072 ->
                            "7890c98432cdc3484534e3e72e0bb7ce877a31eaed95f31a8fbef89013104390";
                    case MODP_4096 ->
                            "4976b8a6c489589dafb6e3be3838302ad40c41a59d10d23f687695a76e4060f2";
                    case MODP_6144 ->
                            "ee68833a9f23583f02d3b43022ebc7cc5dfbb176513a0a0f1ab566e3eb4b89c8";
                    case MODP_8192 ->
                            "d5b99941f176ec81ce31347ac83a32bf11baec58a6786d28b6e325549e9f1f75";
                    default -> throw new WrongAnswer("no known answer for " + group);
                });
    }
}
