package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.Ikev1Keys;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.SaPayload;
import java.util.ArrayList;
import java.util.List;

/// Speaks under the first ISAKMP SA of two peers with its real keys: an authentic peer that does
/// what ours would not.
final class Forger {
    private static final IkeSuite SUITE =
            new IkeSuite(
                    Cipher.of(Encryption.AES_CBC, 128),
                    Integrity.NONE,
                    Prf.HMAC_SHA1,
                    Group.MODP_1024);
    private static final int BLOCK = 16;
    private static final int HASH = 8;

    final Protection protection;
    private final IkeHeader spis;
    private final MessageCipher cipher;
    private final Ikev1Keys keys;
    private final PrfFunction prf;
    private final Octets publicI;
    private final Octets publicR;
    private final TwoPeers peers;

    Forger(TwoPeers peers, Crypto crypto) throws MalformedException {
        this(peers, crypto, "aM6ktTm3pv5etv9eC");
    }

    /// @param psk empty: the keys of signatures, which whoever did Diffie-Hellman has
    Forger(TwoPeers peers, Crypto crypto, String psk) throws MalformedException {
        this.peers = peers;
        Message three = Message.parse(peers.a.sent.get(1));
        Message four = Message.parse(peers.b.sent.get(1));
        prf = crypto.prf(Prf.HMAC_SHA1);
        publicI = three.chain().first(KeyExchange.class).orElseThrow().value();
        publicR = four.chain().first(KeyExchange.class).orElseThrow().value();
        long cookieI = four.header().initiatorSpi();
        long cookieR = four.header().responderSpi();
        Secret shared = (peers.a.shared.isEmpty() ? peers.b : peers.a).shared.getFirst();
        Octets nonceI = three.chain().first(Nonce.class).orElseThrow().value();
        Octets nonceR = four.chain().first(Nonce.class).orElseThrow().value();
        keys =
                psk.isEmpty()
                        ? Ikev1Keys.ofSignatures(prf, nonceI, nonceR, shared, cookieI, cookieR)
                        : Ikev1Keys.derive(
                                prf, Secret.utf8(psk), nonceI, nonceR, shared, cookieI, cookieR);
        cipher = crypto.messageCipher(SUITE.cipher());
        protection = new Protection(cipher, prf, keys, SUITE, cookieI, cookieR);
        spis = four.header();
    }

    /// An encrypted message of main mode with these payloads.
    Octets mainFive(List<Payload> payloads) {
        Octets iv = Ikev1Keys.firstIv(prf, publicI, publicR, 16);
        return protection.seal(ExchangeType.MAIN, 0, payloads, iv).message();
    }

    /// HASH_I or HASH_R for an identity.
    Hash proof(boolean initiator, Payload id) throws MalformedException {
        Octets sa =
                Message.parse(peers.a.sent.getFirst())
                        .chain()
                        .rawBody(SaPayload.class)
                        .orElseThrow();
        return new Hash(protection.authHash(initiator, publicI, publicR, sa, id.body()));
    }

    /// With the IV of message 5, or of message 6 if there was a message 5.
    Octets main(int exchange, int messageId, boolean five, List<Payload> payloads) {
        Octets iv = Ikev1Keys.firstIv(prf, publicI, publicR, 16);
        if (!five && peers.a.sent.size() > 2) {
            Octets message = peers.a.sent.get(2);
            iv = message.slice(message.length() - 16, message.length());
        }
        return protection.seal(exchange, messageId, payloads, iv).message();
    }

    /// As in phase 2: with HASH(1) before it.
    Octets hashed(int exchange, int messageId, List<Payload> payloads) {
        return first(exchange, messageId, payloads);
    }

    private Octets iv(int messageId) {
        if (peers.b.sent.size() < 3) {
            return protection.phase2Iv(Octets.owned(new byte[BLOCK]), messageId);
        }
        Octets six = peers.b.sent.get(2);
        return protection.phase2Iv(six.slice(six.length() - 16, six.length()), messageId);
    }

    private Octets first(int exchange, int messageId, List<Payload> payloads) {
        Octets hash = protection.hash(Octets.ofInt(messageId), PayloadChain.emit(payloads));
        List<Payload> all = new ArrayList<>(List.of(new Hash(hash)));
        all.addAll(payloads);
        return protection.seal(exchange, messageId, all, iv(messageId)).message();
    }

    Octets informational(int messageId, Payload payload) {
        return first(ExchangeType.INFORMATIONAL, messageId, List.of(payload));
    }

    /// What stands inside is given octet by octet.
    ///
    /// @param hashed whether the right HASH goes before it, over as much of it as is a chain
    Octets raw(int exchange, int messageId, boolean hashed, int firstType, Octets payloads) {
        Octets inside = payloads;
        int first = firstType;
        if (hashed) {
            Octets hash =
                    protection.hash(
                            Octets.ofInt(messageId),
                            payloads.slice(0, chainLength(firstType, payloads)));
            Octets head = PayloadChain.emit(List.of(new Hash(hash)));
            byte[] next = head.toArray();
            next[0] = (byte) firstType;
            inside = Octets.concat(Octets.owned(next), payloads);
            first = HASH;
        }
        byte[] padded = new byte[Math.max(BLOCK, (inside.length() + BLOCK - 1) / BLOCK * BLOCK)];
        inside.buffer().get(padded, 0, inside.length());
        Octets sealed =
                cipher.encrypt(keys.cipherKey(SUITE.cipher()), iv(messageId), Octets.owned(padded));
        return Octets.concat(
                new IkeHeader(
                                spis.initiatorSpi(),
                                spis.responderSpi(),
                                first,
                                1,
                                0,
                                exchange,
                                IkeHeader.FLAG_ENCRYPTION,
                                messageId,
                                IkeHeader.LENGTH + sealed.length())
                        .emit(),
                sealed);
    }

    /// Message 5 of main mode, or message 6, with these octets inside.
    Octets rawMain(boolean five, int firstType, Octets payloads) {
        byte[] padded = new byte[Math.max(BLOCK, (payloads.length() + BLOCK - 1) / BLOCK * BLOCK)];
        payloads.buffer().get(padded, 0, payloads.length());
        Octets iv = Ikev1Keys.firstIv(prf, publicI, publicR, BLOCK);
        if (!five) {
            Octets before = peers.a.sent.get(2);
            iv = before.slice(before.length() - BLOCK, before.length());
        }
        Octets sealed = cipher.encrypt(keys.cipherKey(SUITE.cipher()), iv, Octets.owned(padded));
        return Octets.concat(
                new IkeHeader(
                                spis.initiatorSpi(),
                                spis.responderSpi(),
                                firstType,
                                1,
                                0,
                                ExchangeType.MAIN,
                                IkeHeader.FLAG_ENCRYPTION,
                                0,
                                IkeHeader.LENGTH + sealed.length())
                        .emit(),
                sealed);
    }

    private static int chainLength(int firstType, Octets payloads) {
        try {
            return PayloadChain.parse(firstType, payloads, 0).length();
        } catch (MalformedException _) {
            return payloads.length();
        }
    }

    Octets quickOne(int messageId, List<Payload> payloads) {
        return first(ExchangeType.QUICK, messageId, payloads);
    }
}
