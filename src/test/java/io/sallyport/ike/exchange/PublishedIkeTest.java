package io.sallyport.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement.BadPublicValue;
import io.sallyport.crypto.engine.KeyAgreement.Ephemeral;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.TestCrypto;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.notify.Notices;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Payloads and messages of IKEv2 that others have published, from the octets on the wire to what
/// they come to, and back. The files name their sources.
class PublishedIkeTest {
    private static final Crypto CRYPTO = TestCrypto.CRYPTO;
    private static final Octets ABC = Octets.ascii("abc");

    /// The one payload that `octets` is, which comes out again as it went in.
    private static <P extends Payload> P payload(int type, Octets octets, Class<P> kind)
            throws MalformedException {
        P payload = PayloadChain.parse(type, octets, 0).first(kind).orElseThrow();
        assertEquals(octets, PayloadChain.emit(List.of(payload)));
        return payload;
    }

    /// RFC 5903, 8: either end comes to the shared secret by its own value and the other's payload.
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(files = "src/test/vectors/rfc/rfc5903-ke.csv", delimiter = '|')
    void keyExchange(
            String name,
            int number,
            String i,
            String payloadI,
            String r,
            String payloadR,
            String shared)
            throws MalformedException, BadPublicValue {
        KeyExchange kei =
                payload(PayloadType.KEY_EXCHANGE, Octets.hex(payloadI), KeyExchange.class);
        KeyExchange ker =
                payload(PayloadType.KEY_EXCHANGE, Octets.hex(payloadR), KeyExchange.class);
        assertEquals(number, kei.method());
        Group group = Group.byNumber(number).orElseThrow();
        assertEquals(shared, agreed(group, i, kei, ker));
        assertEquals(shared, agreed(group, r, ker, kei));
    }

    private static String agreed(Group group, String own, KeyExchange ours, KeyExchange theirs)
            throws BadPublicValue {
        try (Secret secret = Secret.of(Octets.hex(own));
                Ephemeral half = CRYPTO.agreement(group).restore(secret, ours.data());
                Secret shared = half.agree(theirs.data())) {
            return Octets.owned(shared.expose()).hex();
        }
    }

    /// RFC 4754, 8: what is published is verified, and nothing near it; what we sign with the same
    /// key is as long and is verified, too.
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(files = "src/test/vectors/rfc/rfc4754-auth.csv", delimiter = '|')
    void authentication(String name, int method, String w, String gw, String published)
            throws Exception {
        Octets octets = Octets.hex(published);
        Authentication auth = payload(PayloadType.AUTHENTICATION, octets, Authentication.class);
        assertEquals(method, auth.method());
        SignatureScheme scheme = SignatureScheme.byMethod(method).orElseThrow();
        Verifier verifier = CRYPTO.verifier(scheme);
        PublicKey key = publicKey(method, Octets.hex(gw));
        verifier.verify(key, auth.data(), ABC);
        assertThrows(
                BadSignature.class, () -> verifier.verify(key, auth.data(), Octets.ascii("abd")));
        for (int at = 0; at < auth.data().length(); at++) {
            byte[] near = auth.data().toArray();
            near[at] ^= 1;
            assertThrows(BadSignature.class, () -> verifier.verify(key, Octets.owned(near), ABC));
        }
        Octets ours = signed(scheme, privateKey(method, w));
        assertEquals(auth.data().length(), ours.length());
        verifier.verify(key, ours, ABC);
    }

    private static Octets signed(SignatureScheme scheme, PrivateKey key) throws CannotSign {
        return CRYPTO.signer(scheme).sign(key, ABC);
    }

    private static ECParameterSpec curve(int method) throws GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        int bits = method == 9 ? 256 : method == 10 ? 384 : 521;
        parameters.init(new ECGenParameterSpec("secp" + bits + "r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static PublicKey publicKey(int method, Octets point) throws GeneralSecurityException {
        int half = point.length() / 2;
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(
                                new ECPoint(
                                        new BigInteger(1, point.slice(0, half).toArray()),
                                        new BigInteger(
                                                1, point.slice(half, point.length()).toArray())),
                                curve(method)));
    }

    private static PrivateKey privateKey(int method, String w) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(new BigInteger(w, 16), curve(method)));
    }

    /// RFC 7634, appendix B: SET_WINDOW_SIZE with 10, sealed by a responder; octet for octet.
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(files = "src/test/vectors/rfc/rfc7634-ike.csv", delimiter = '|')
    void chacha(String name, String keyAndSalt, String published, String payloads)
            throws MalformedException {
        Octets message = Octets.hex(published);
        IkeHeader header = IkeHeader.parse(message);
        assertEquals(message.length(), header.length());
        assertEquals(ExchangeType.INFORMATIONAL, header.exchangeType());
        assertEquals(9, header.messageId());
        assertEquals(PayloadType.ENCRYPTED, header.nextPayload());
        MessageAead aead = CRYPTO.messageAead(Cipher.of(Encryption.CHACHA20_POLY1305, 256));
        Secret key = Secret.of(Octets.hex(keyAndSalt));
        Octets front = message.slice(0, 32);
        Octets iv = message.slice(32, 40);
        Octets sealed = message.slice(40, message.length());
        Octets plain = aead.open(key, iv, front, sealed).orElseThrow();
        // The pad length is the last octet, and there is no padding
        assertEquals(Octets.hex(payloads + "00"), plain);
        PayloadChain inside =
                PayloadChain.parseInner(message.at(28), plain.slice(0, plain.length() - 1));
        Notify notify = inside.first(Notify.class).orElseThrow();
        assertEquals(10, Notices.windowSize(notify));
        assertEquals(Octets.hex(payloads), PayloadChain.emit(List.of(notify)));
        assertEquals(sealed, aead.seal(key, iv, front, plain));
        for (int at = 0; at < message.length(); at++) {
            byte[] near = message.toArray();
            near[at] ^= 1;
            Octets wrong = Octets.owned(near);
            assertFalse(
                    aead.open(
                                    key,
                                    wrong.slice(32, 40),
                                    wrong.slice(0, 32),
                                    wrong.slice(40, wrong.length()))
                            .isPresent());
        }
    }
}
