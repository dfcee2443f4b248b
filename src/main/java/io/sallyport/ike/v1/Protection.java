package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.Ikev1Keys;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Encryption and hashes of one ISAKMP SA (RFC 2409, 5 and appendix B). IVs are chained per
/// exchange; the caller keeps them, and moves on to the next one only when a message has proved to
/// be authentic.
final class Protection {
    private final MessageCipher cipher;
    private final Secret cipherKey;
    private final PrfFunction prf;
    private final Ikev1Keys keys;
    private final int block;
    private final long initiatorCookie;
    private final long responderCookie;

    Protection(
            MessageCipher cipher,
            PrfFunction prf,
            Ikev1Keys keys,
            IkeSuite suite,
            long initiatorCookie,
            long responderCookie) {
        this.cipher = cipher;
        this.cipherKey = keys.cipherKey(suite.cipher());
        this.prf = prf;
        this.keys = keys;
        this.block = suite.cipher().encryption().blockOctets();
        this.initiatorCookie = initiatorCookie;
        this.responderCookie = responderCookie;
    }

    /// A sealed message, and the IV for the next one of its exchange.
    record Sealed(Octets message, Octets nextIv) {}

    /// An opened message, not yet authenticated: its payloads, its plain octets, and the IV that
    /// follows if it proves to be authentic.
    record Opened(PayloadChain chain, Octets plain, Octets nextIv) {
        /// What follows the leading HASH payload, without the padding: the octets that the hash
        /// covers.
        Octets afterHash() {
            return plain.slice(4 + chain.entries().getFirst().body().length(), chain.length());
        }
    }

    Sealed seal(int exchangeType, int messageId, List<Payload> payloads, Octets iv) {
        Octets chain = PayloadChain.emit(payloads);
        // RFC 2409, appendix B: "padding is performed with zeros up to the block size".
        byte[] padded = new byte[(chain.length() + block - 1) / block * block];
        chain.buffer().get(padded, 0, chain.length());
        Octets sealed = cipher.encrypt(cipherKey, iv, Octets.owned(padded));
        IkeHeader header =
                new IkeHeader(
                        initiatorCookie,
                        responderCookie,
                        PayloadChain.firstType(payloads),
                        1,
                        0,
                        exchangeType,
                        IkeHeader.FLAG_ENCRYPTION,
                        messageId,
                        IkeHeader.LENGTH + sealed.length());
        return new Sealed(Octets.concat(header.emit(), sealed), lastBlock(sealed));
    }

    /// @throws MalformedException if the message is not encrypted, is no multiple of the block, or
    ///   what comes out is no chain of payloads: a wrong key looks like this
    Opened open(IkeHeader header, Octets message, Octets iv) throws MalformedException {
        int length = message.length() - IkeHeader.LENGTH;
        if ((header.flags() & IkeHeader.FLAG_ENCRYPTION) == 0) {
            throw new MalformedException("message in clear where an encrypted one is due", 19);
        }
        if (length < block || length % block != 0) {
            throw new MalformedException("ciphertext of " + length + " octets", IkeHeader.LENGTH);
        }
        Octets sealed = message.slice(IkeHeader.LENGTH, message.length());
        Octets plain = cipher.decrypt(cipherKey, iv, sealed);
        PayloadChain chain = PayloadChain.parse(header.nextPayload(), plain, 0);
        return new Opened(chain, plain, lastBlock(sealed));
    }

    /// What follows a sealed message in its chain.
    Octets lastBlockOf(Octets message) {
        return lastBlock(message);
    }

    /// An informational message of its own (RFC 2409, 5.7): `HDR*, HASH(1), N/D`.
    ///
    /// @param lastPhase1Block of the last message of phase 1 that came or went
    Octets informational(Octets lastPhase1Block, int messageId, List<Payload> payloads) {
        List<Payload> all = new ArrayList<>();
        all.add(new Hash(hash(Octets.ofInt(messageId), PayloadChain.emit(payloads))));
        all.addAll(payloads);
        Octets iv = phase2Iv(lastPhase1Block, messageId);
        return seal(ExchangeType.INFORMATIONAL, messageId, all, iv).message();
    }

    /// Opens and authenticates an informational message.
    ///
    /// @return empty: its hash is wrong
    Optional<Opened> openInformational(IkeHeader header, Octets message, Octets lastPhase1Block)
            throws MalformedException {
        Opened opened = open(header, message, phase2Iv(lastPhase1Block, header.messageId()));
        MessageRules.check(MessageKind.INFORMATIONAL, opened.chain().payloads());
        // RFC 2409, 5.7: HASH(1) = prf(SKEYID_a, M-ID | N/D)
        Octets expected = hash(Octets.ofInt(header.messageId()), opened.afterHash());
        return expected.matches(opened.chain().first(Hash.class).orElseThrow().value())
                ? Optional.of(opened)
                : Optional.empty();
    }

    private Octets lastBlock(Octets sealed) {
        return sealed.slice(sealed.length() - block, sealed.length());
    }

    /// The first IV of a phase 2 exchange, from the last block of phase 1 and its message ID.
    Octets phase2Iv(Octets lastPhase1Block, int messageId) {
        return Ikev1Keys.phase2Iv(prf, lastPhase1Block, messageId, block);
    }

    /// `prf(SKEYID_a, parts)`: HASH(1), HASH(2), HASH(3) of quick mode and the HASH of
    /// informational exchanges.
    Octets hash(Octets... parts) {
        return prf.hash(keys.a(), parts);
    }

    /// `HASH_I` or `HASH_R` of RFC 2409, 5: own public value and cookie first.
    Octets authHash(
            boolean initiator, Octets publicI, Octets publicR, Octets saBody, Octets idBody) {
        Octets cookieI = Octets.ofLong(initiatorCookie);
        Octets cookieR = Octets.ofLong(responderCookie);
        return initiator
                ? prf.hash(keys.skeyid(), publicI, publicR, cookieI, cookieR, saBody, idBody)
                : prf.hash(keys.skeyid(), publicR, publicI, cookieR, cookieI, saBody, idBody);
    }

    Secret keymat(Secret pfs, int protocolId, int spi, Octets nonceI, Octets nonceR, int octets) {
        return keys.keymat(pfs, protocolId, spi, nonceI, nonceR, octets);
    }

    /// Both cookies, the SPI of an ISAKMP SA in notifications and deletes (RFC 2408, 3.14).
    Octets cookies() {
        return Octets.owned(
                ByteBuffer.allocate(16).putLong(initiatorCookie).putLong(responderCookie).array());
    }

    /// For Wireshark's table of IKEv1 keys.
    String cipherKeyHex() {
        return Octets.owned(cipherKey.expose()).hex();
    }

    void close() {
        cipherKey.close();
        keys.close();
    }
}
