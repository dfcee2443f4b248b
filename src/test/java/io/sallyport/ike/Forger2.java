package io.sallyport.ike;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.auth.IntAuth;
import io.sallyport.ike.auth.SharedKeyProof;
import io.sallyport.ike.auth.SignedOctets;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;

/// Plays either end of an IKEv2 SA whose IKE_SA_INIT was heard and whose shared secret is known: an
/// authentic peer gone bad.
public final class Forger2 {
    public static final IkeSuite SUITE =
            new IkeSuite(
                    Cipher.of(Encryption.AES_GCM_16, 256),
                    Integrity.NONE,
                    Prf.HMAC_SHA2_256,
                    Group.CURVE_25519);

    private final Message request;
    private final Message answer;
    private final Ikev2Keys keys;
    private final Ikev2Keys proofKeys;
    private final Octets intAuth;
    private final boolean initiator;
    private final SkSealer sealer;

    public Forger2(Octets request, Octets answer, Secret shared, boolean initiator)
            throws MalformedException {
        this.request = Message.parse(request);
        this.answer = Message.parse(answer);
        this.initiator = initiator;
        this.keys = Ikev2Keys.derive(TestCrypto.CRYPTO.prf(SUITE.prf()), SUITE, shared, seed());
        this.proofKeys = keys;
        this.intAuth = Octets.EMPTY;
        this.sealer = sealer(keys, initiator);
    }

    /// The same dialogue after more was agreed on.
    private Forger2(Forger2 before, Ikev2Keys keys, Ikev2Keys proofKeys, Octets intAuth) {
        this.request = before.request;
        this.answer = before.answer;
        this.initiator = before.initiator;
        this.keys = keys;
        this.proofKeys = proofKeys;
        this.intAuth = intAuth;
        this.sealer = keys == before.keys ? before.sealer : sealer(keys, initiator);
    }

    private Ikev2Keys.Seed seed() {
        return new Ikev2Keys.Seed(
                nonce(request),
                nonce(answer),
                request.header().initiatorSpi(),
                answer.header().responderSpi());
    }

    private SkSealer sealer(Ikev2Keys with, boolean byInitiator) {
        return new SkSealer(
                TestCrypto.CRYPTO,
                SUITE,
                with,
                byInitiator,
                request.header().initiatorSpi(),
                answer.header().responderSpi(),
                new ScriptedRandom(1));
    }

    /// After one IKE_INTERMEDIATE, with message ID 1, that was heard and came to this secret (RFC
    /// 9370, 2.2.2; RFC 9242, 3.3.2).
    public Forger2 intermediate(Octets asked, Octets given, Secret shared)
            throws MalformedException {
        IntAuth both = new IntAuth(request.header().initiatorSpi(), answer.header().responderSpi());
        for (boolean ofInitiator : new boolean[] {true, false}) {
            Octets message = ofInitiator ? asked : given;
            SkSealer.Opened inside =
                    sealer(keys, !ofInitiator)
                            .open(IkeHeader.parse(message), message)
                            .orElseThrow();
            both.add(
                    keys.prf(),
                    keys.proof(ofInitiator),
                    ofInitiator,
                    1,
                    inside.firstPayload(),
                    inside.chain());
        }
        Ikev2Keys mixed = keys.mixed(SUITE, shared, seed());
        return new Forger2(this, mixed, mixed, both.with(2));
    }

    /// The SA that resumes this one (RFC 5723, 5.1).
    ///
    /// @param asked IKE_SESSION_RESUME, and what was given to it
    public Forger2 resumed(Octets asked, Octets given) throws MalformedException {
        return new Forger2(this, Message.parse(asked), Message.parse(given));
    }

    private Forger2(Forger2 before, Message request, Message answer) {
        this.request = request;
        this.answer = answer;
        this.initiator = before.initiator;
        this.keys =
                Ikev2Keys.resumed(
                        TestCrypto.CRYPTO.prf(SUITE.prf()), SUITE, before.keys.d(), seed());
        this.proofKeys = keys;
        this.intAuth = Octets.EMPTY;
        this.sealer = sealer(keys, initiator);
    }

    /// AUTH under an IKE SA that is resumed, by either end (RFC 5723, 4.3.3).
    public Authentication proofOfResumption(Payload id, boolean byInitiator) {
        Octets signed =
                SignedOctets.of(
                        keys.prf(),
                        byInitiator ? request.octets() : answer.octets(),
                        byInitiator ? nonce(answer) : nonce(request),
                        keys.proof(byInitiator),
                        id.body(),
                        Octets.EMPTY);
        return new Authentication(2, keys.prf().hash(keys.proof(byInitiator), signed));
    }

    /// Whose AUTH covers IKE_SA_INIT alone.
    public Forger2 withoutIntAuth() {
        return new Forger2(this, keys, proofKeys, Octets.EMPTY);
    }

    /// Whose AUTH is made with a post-quantum preshared key (RFC 8784, 3).
    public Forger2 withPpk(String ppk) {
        return new Forger2(this, keys, keys.withPpk(Secret.utf8(ppk)), intAuth);
    }

    private static Octets nonce(Message m) {
        return m.chain().first(Nonce.class).orElseThrow().value();
    }

    public Octets seal(int exchangeType, boolean response, int id, List<Payload> payloads) {
        return seal(
                exchangeType,
                response,
                id,
                PayloadChain.firstType(payloads),
                PayloadChain.emit(payloads));
    }

    /// What stands inside is given octet by octet.
    public Octets seal(int exchangeType, boolean response, int id, int firstType, Octets payloads) {
        return sealer.seal(exchangeType, response, id, firstType, payloads);
    }

    /// What the other end says inside SK.
    public PayloadChain open(Octets message) throws MalformedException {
        SkSealer.Opened opened = sealer.open(IkeHeader.parse(message), message).orElseThrow();
        return PayloadChain.parseInner(opened.firstPayload(), opened.chain());
    }

    /// AUTH of the end that is played, as `psk` makes it.
    public Authentication proof(String psk, Payload id) {
        Octets signed =
                SignedOctets.of(
                        keys.prf(),
                        initiator ? request.octets() : answer.octets(),
                        initiator ? nonce(answer) : nonce(request),
                        proofKeys.proof(initiator),
                        id.body(),
                        intAuth);
        return new Authentication(2, SharedKeyProof.of(keys.prf(), Secret.utf8(psk), signed));
    }

    /// AUTH made with SK_pi or SK_pr: right after EAP by a method that leaves no key.
    public Authentication proofByOwnKey(Payload id) {
        Octets signed =
                SignedOctets.of(
                        keys.prf(),
                        initiator ? request.octets() : answer.octets(),
                        initiator ? nonce(answer) : nonce(request),
                        keys.proof(initiator),
                        id.body(),
                        Octets.EMPTY);
        return new Authentication(2, SharedKeyProof.of(keys.prf(), keys.proof(initiator), signed));
    }

    public Octets clear(int exchangeType, boolean response, int id, List<Payload> payloads) {
        return Message.emit(
                request.header().initiatorSpi(),
                answer.header().responderSpi(),
                exchangeType,
                initiator,
                response,
                id,
                payloads);
    }
}
