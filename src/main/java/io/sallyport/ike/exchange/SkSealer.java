package io.sallyport.ike.exchange;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.model.port.Entropy;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Seals and opens the messages of one IKEv2 SA (RFC 7296, 3.14; RFC 5282 with an AEAD; RFC 7383,
/// 2.5 in fragments).
///
/// ```text
///  | IKE header (28) | next, flags, length (4) | [ number (2), total (2) ] | IV | payloads, padding, pad length | ICV |
/// ```
public final class SkSealer {
    /// Payload type of an encrypted payload.
    public static final int SK = 46;

    /// Payload type of an encrypted fragment.
    public static final int SKF = 53;

    private static final int FLAG_INITIATOR = 0x08;
    private static final int FLAG_RESPONSE = 0x20;
    private static final int GENERIC = 4;
    private static final int MOST_FRAGMENTS = 0xffff;

    private final IkeSuite suite;
    private final Encryption encryption;
    private final Ikev2Keys keys;
    private final boolean initiator;
    private final long spiI;
    private final long spiR;
    private final Entropy entropy;
    private final Transform transform;
    private long sealed;

    /// What one message says, once it has proved to be authentic.
    ///
    /// @param fragment its number, from 1; 0: the message is whole
    public record Opened(int firstPayload, Octets chain, int fragment, int total) {
        public boolean isWhole() {
            return fragment == 0;
        }
    }

    /// Cipher and integrity in one, so that both kinds of suite look the same.
    private sealed interface Transform {
        /// One that bears its own integrity.
        record Combined(MessageAead aead) implements Transform {}

        record Separate(MessageCipher cipher, PrfFunction mac) implements Transform {}
    }

    /// @param initiator whether we are the SA's initiator
    public SkSealer(
            CryptoEngine engine,
            IkeSuite suite,
            Ikev2Keys keys,
            boolean initiator,
            long spiI,
            long spiR,
            Entropy entropy) {
        this.suite = suite;
        this.encryption = suite.cipher().encryption();
        this.keys = keys;
        this.initiator = initiator;
        this.spiI = spiI;
        this.spiR = spiR;
        this.entropy = entropy;
        this.transform =
                encryption.isAead()
                        ? new Transform.Combined(engine.messageAead(suite.cipher()))
                        : new Transform.Separate(
                                engine.messageCipher(suite.cipher()),
                                engine.prf(Prf.of(suite.integrity())));
    }

    private int icvOctets() {
        return encryption.isAead() ? encryption.icvOctets() : suite.integrity().icvOctets();
    }

    // ---- sealing

    /// A message of one datagram.
    ///
    /// @param chain the payloads, of which the first has type `firstPayload`
    public Octets seal(
            int exchangeType, boolean response, int messageId, int firstPayload, Octets chain) {
        return seal(exchangeType, response, messageId, firstPayload, chain, 0, 0);
    }

    /// The same in datagrams of at most `mostOctets` each (RFC 7383); one that fits stays whole.
    public List<Octets> seal(
            int exchangeType,
            boolean response,
            int messageId,
            int firstPayload,
            Octets chain,
            int mostOctets) {
        int overhead =
                IkeHeader.LENGTH
                        + GENERIC
                        + encryption.ivOctets()
                        + icvOctets()
                        + 1
                        + encryption.blockOctets();
        if (overhead + chain.length() <= mostOctets || mostOctets <= overhead + 4 + 64) {
            return List.of(seal(exchangeType, response, messageId, firstPayload, chain));
        }
        int room = mostOctets - overhead - 4;
        int total = Math.min(MOST_FRAGMENTS, (chain.length() + room - 1) / room);
        List<Octets> all = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            Octets part = chain.slice(i * room, Math.min(chain.length(), (i + 1) * room));
            // RFC 7383, 2.5: the first fragment names the first payload, the others none.
            all.add(
                    seal(
                            exchangeType,
                            response,
                            messageId,
                            i == 0 ? firstPayload : 0,
                            part,
                            i + 1,
                            total));
        }
        return all;
    }

    private Octets seal(
            int exchangeType,
            boolean response,
            int messageId,
            int firstPayload,
            Octets chain,
            int fragment,
            int total) {
        int block = encryption.blockOctets();
        int padding = (block - (chain.length() + 1) % block) % block;
        Octets plain =
                Octets.concat(chain, Octets.owned(new byte[padding]), Octets.of((byte) padding));
        int payload =
                GENERIC
                        + (fragment > 0 ? 4 : 0)
                        + encryption.ivOctets()
                        + plain.length()
                        + icvOctets();
        Writer clear = new Writer(IkeHeader.LENGTH + payload);
        clear.octets(
                new IkeHeader(
                                spiI,
                                spiR,
                                fragment > 0 ? SKF : SK,
                                2,
                                0,
                                exchangeType,
                                (initiator ? FLAG_INITIATOR : 0) | (response ? FLAG_RESPONSE : 0),
                                messageId,
                                IkeHeader.LENGTH + payload)
                        .emit());
        clear.u8(firstPayload).u8(0).u16(payload);
        if (fragment > 0) {
            clear.u16(fragment).u16(total);
        }
        Octets head = clear.toOctets();
        Octets iv = nextIv();
        Secret key = keys.encryption(initiator);
        return switch (transform) {
            // RFC 5282, 5.1: the associated data begins with the IKE header and ends with the
            // header of the encrypted payload.
            case Transform.Combined(MessageAead aead) ->
                    Octets.concat(head, iv, aead.seal(key, iv, head, plain));
            case Transform.Separate(MessageCipher cipher, PrfFunction mac) -> {
                Octets body = Octets.concat(head, iv, cipher.encrypt(key, iv, plain));
                yield Octets.concat(
                        body, mac.hash(keys.integrity(initiator), body).slice(0, icvOctets()));
            }
        };
    }

    /// Unpredictable for CBC (RFC 7296, 3.14: "Initialization Vectors MUST be unpredictable"); a
    /// counter where it only must not repeat (RFC 5282, 3.1; RFC 5930).
    private Octets nextIv() {
        return encryption.blockOctets() > 1
                ? entropy.octets(encryption.ivOctets())
                : Octets.ofLong(++sealed);
    }

    // ---- opening

    /// What the peer's message says; empty if it is not authentic. Integrity is judged before
    /// anything is decrypted.
    ///
    /// @throws MalformedException if it is no message with an encrypted payload alone
    /// @throws MalformedInsideException if it is authentic, and its padding is longer than it
    public Optional<Opened> open(IkeHeader header, Octets message) throws MalformedException {
        boolean fragment = header.nextPayload() == SKF;
        if (header.nextPayload() != SK && !fragment) {
            throw new MalformedException(
                    "payload " + header.nextPayload() + " where an encrypted one is due", 16);
        }
        Reader in = Reader.from(message, IkeHeader.LENGTH);
        int firstPayload = in.u8("next payload");
        in.u8("flags");
        int length = in.u16("length of the encrypted payload");
        if (length != message.length() - IkeHeader.LENGTH) {
            throw in.malformed("encrypted payload of " + length + " octets is not the last");
        }
        int number = fragment ? in.u16("fragment number") : 0;
        int total = fragment ? in.u16("total fragments") : 0;
        // RFC 7383, 2.5: "MUST NOT be zero" for both, and the number not above the total.
        if (fragment && (number == 0 || number > total)) {
            throw in.malformed("fragment " + number + " of " + total);
        }
        Octets head = message.slice(0, in.position());
        Octets iv = in.octets(encryption.ivOctets(), "IV");
        int bodyLength = in.remaining() - icvOctets();
        if (bodyLength < 1 || bodyLength % encryption.blockOctets() != 0) {
            throw in.malformed("ciphertext of " + bodyLength + " octets");
        }
        Octets rest = in.rest();
        Secret key = keys.encryption(!initiator);
        Optional<Octets> plain =
                switch (transform) {
                    case Transform.Combined(MessageAead aead) -> aead.open(key, iv, head, rest);
                    case Transform.Separate(MessageCipher cipher, PrfFunction mac) -> {
                        Octets covered = message.slice(0, message.length() - icvOctets());
                        Octets icv = rest.slice(bodyLength, rest.length());
                        boolean right =
                                mac.hash(keys.integrity(!initiator), covered)
                                        .slice(0, icvOctets())
                                        .matches(icv);
                        yield right
                                ? Optional.of(cipher.decrypt(key, iv, rest.slice(0, bodyLength)))
                                : Optional.empty();
                    }
                };
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        int padding = plain.get().at(plain.get().length() - 1);
        int chain = plain.get().length() - 1 - padding;
        if (chain < 0) {
            throw new MalformedInsideException("padding of " + padding + " octets", in.position());
        }
        return Optional.of(new Opened(firstPayload, plain.get().slice(0, chain), number, total));
    }
}
