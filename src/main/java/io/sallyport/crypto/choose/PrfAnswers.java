package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.suite.Prf;
import java.util.List;

/// Known answers of the PRFs: RFC 2202 and RFC 4231, test case 2; and of the hashes under them:
/// "abc" of RFC 1321 and FIPS 180-4. Of those made of AES: RFC 4434, 4, and RFC 4615, 4.
final class PrfAnswers {
    private static final String COUNTING = "000102030405060708090a0b0c0d0e0f";

    /// One question.
    private record Question(Octets key, Octets data, Octets answer, String source) {}

    private PrfAnswers() {}

    private static List<Question> questions(Prf prf) {
        if (prf.isHmac()) {
            return List.of(
                    new Question(
                            Octets.ascii("Jefe"),
                            Octets.ascii("what do ya want for nothing?"),
                            hmac(prf),
                            "HMAC test case 2"));
        }
        boolean xcbc = prf == Prf.AES128_XCBC;
        return List.of(
                ofAes(
                        COUNTING,
                        xcbc,
                        "47f51b4564966215b8985c63055ed308980ae87b5f4c9c5214f5b6a8455e4c2d"),
                ofAes(
                        COUNTING.substring(0, 20),
                        xcbc,
                        "0fa087af7d866e7653434e602fdde835290d9e112edb09ee141fcf64c0b72f3d"),
                ofAes(
                        COUNTING + "edcb",
                        xcbc,
                        "8cd3c93ae598a9803006ffb67c40e9e484a348a4a45d235babfffc0d2b4da09a"));
    }

    /// @param answers that of XCBC, then that of CMAC
    private static Question ofAes(String key, boolean xcbc, String answers) {
        return new Question(
                Octets.hex(key),
                Octets.hex(COUNTING + "10111213"),
                Octets.hex(xcbc ? answers.substring(0, 32) : answers.substring(32)),
                xcbc ? "RFC 4434" : "RFC 4615");
    }

    private static Octets hmac(Prf prf) {
        return Octets.hex(
                switch (prf) {
                    case HMAC_MD5 -> "750c783e6ab0b503eaa86e310a5db738";
                    case HMAC_SHA1 -> "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
                    case HMAC_SHA2_256 ->
                            """
                            5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843
                            """;
                    case HMAC_SHA2_384 ->
                            """
                            af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e
                            8e2240ca5e69e2c78b3239ecfab21649
                            """;
                    case HMAC_SHA2_512 ->
                            """
                            164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554
                            9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
                            """;
                    case AES128_XCBC, AES128_CMAC -> "";
                });
    }

    private static Octets hash(Prf prf) {
        return Octets.hex(
                switch (prf) {
                    case HMAC_MD5 -> "900150983cd24fb0d6963f7d28e17f72";
                    case HMAC_SHA1 -> "a9993e364706816aba3e25717850c26c9cd0d89d";
                    case HMAC_SHA2_256 ->
                            """
                            ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
                            """;
                    case HMAC_SHA2_384 ->
                            """
                            cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed
                            8086072ba1e7cc2358baeca134c825a7
                            """;
                    case HMAC_SHA2_512 ->
                            """
                            ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
                            2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
                            """;
                    case AES128_XCBC, AES128_CMAC -> "";
                });
    }

    static void check(CryptoEngine engine, Prf prf) throws WrongAnswer {
        PrfFunction function = engine.prf(prf);
        for (Question question : questions(prf)) {
            check(function, question);
        }
        if (prf.isHmac()) {
            WrongAnswer.unlessEqual(
                    hash(prf),
                    function.digest(Octets.ascii("a"), Octets.ascii("bc")),
                    "hash of abc");
        }
    }

    private static void check(PrfFunction function, Question question) throws WrongAnswer {
        // In two parts, as IKE gives it.
        Octets first = question.data().slice(0, 11);
        Octets second = question.data().slice(11, question.data().length());
        try (Secret key = Secret.of(question.key());
                Secret hidden = Secret.of(second);
                Secret derived =
                        function.derive(key, PrfFunction.part(first), PrfFunction.part(hidden));
                Secret expected = Secret.of(question.answer())) {
            WrongAnswer.unlessEqual(
                    question.answer(), function.hash(key, first, second), question.source());
            WrongAnswer.unless(derived.equals(expected), "wrong key from " + question.source());
        }
    }
}
