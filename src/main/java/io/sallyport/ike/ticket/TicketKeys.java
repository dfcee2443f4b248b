package io.sallyport.ike.ticket;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.PrfPlus;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.model.port.Entropy;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.SaPayload;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Seals what a gateway wants to remember of an IKE SA into a ticket that the client keeps (RFC
/// 5723, appendix A.1), and opens it:
///
/// ```text
///  1 | 0 0 0 | key id | IV | AES-256-GCM { IDi IDr SPIi SPIr SAr SK_d method expiration } | tag
///  `---------- authenticated ---------'
/// ```
///
/// Inside, SK_d is masked once more by prf+ (mask key, IV), so that what a cipher hands out as
/// plain octets is no key. The keys are made when the first ticket is asked for and live in memory
/// only. They change every eight hours, which no ticket outlives, so that of the keys before those
/// of one time are enough; then they are wiped. A ticket opens until it was used, or the IKE SA it
/// was given under is closed or rekeyed.
public final class TicketKeys {
    /// RFC 5723, 6.2: without other limits "a finite lifetime MUST be specified for the ticket".
    public static final long LONGEST_NANOS = 8L * 3600 * 1_000_000_000L;

    private static final int VERSION = 1;
    private static final int ID = 8;
    private static final int IV = 8;
    private static final int HEAD = 4 + ID + IV;

    /// So many that must not open again are remembered under one key; then there is a new one.
    private static final int MOST_SPENT = 100_000;

    private static final Cipher CIPHER = Cipher.of(Encryption.AES_GCM_16, 256);

    private final Crypto crypto;
    private final Entropy entropy;
    private Optional<Key> current = Optional.empty();
    private Optional<Key> before = Optional.empty();

    /// Keys of one time.
    private static final class Key {
        final Octets id;
        final Secret seal;
        final Secret mask;
        final long madeAt;
        final Set<Long> spent = new HashSet<>();
        long next;

        Key(Entropy entropy, long now) {
            this.id = entropy.octets(ID);
            this.seal = Secret.of(entropy.octets(CIPHER.keyingOctets()));
            this.mask = Secret.of(entropy.octets(32));
            this.madeAt = now;
        }

        void close() {
            seal.close();
            mask.close();
        }
    }

    public TicketKeys(Crypto crypto, Entropy entropy) {
        this.crypto = crypto;
        this.entropy = entropy;
    }

    // ---- keys

    private Key key(long now) {
        boolean due =
                current.filter(k -> now - k.madeAt < LONGEST_NANOS && k.spent.size() < MOST_SPENT)
                        .isEmpty();
        if (due) {
            before.ifPresent(Key::close);
            before = current;
            current = Optional.of(new Key(entropy, now));
        }
        return current.orElseThrow();
    }

    private Optional<Key> byId(Octets ticket, long now) {
        if (before.filter(k -> now - k.madeAt >= 2 * LONGEST_NANOS).isPresent()) {
            before.ifPresent(Key::close);
            before = Optional.empty();
        }
        if (ticket.length() <= HEAD || ticket.at(0) != VERSION) {
            return Optional.empty();
        }
        Octets id = ticket.slice(4, 4 + ID);
        return current.filter(k -> k.id.equals(id)).or(() -> before.filter(k -> k.id.equals(id)));
    }

    private static Octets iv(Octets ticket) {
        return ticket.slice(4 + ID, HEAD);
    }

    /// No ticket that was given so far opens any more.
    public void forget() {
        current.ifPresent(Key::close);
        before.ifPresent(Key::close);
        current = Optional.empty();
        before = Optional.empty();
    }

    // ---- tickets

    /// Empty: there is no cipher for it.
    ///
    /// @param state stays the caller's to close
    public Optional<Octets> seal(TicketState state, long now) {
        if (!crypto.offers(CIPHER)) {
            return Optional.empty();
        }
        Key key = key(now);
        Octets iv = Octets.ofLong(key.next++);
        Octets head =
                new Writer(HEAD).u8(VERSION).u8(0).u16(0).octets(key.id).octets(iv).toOctets();
        Octets inside = emit(state, masked(key, iv, state.d()));
        return Optional.of(
                Octets.concat(head, crypto.messageAead(CIPHER).seal(key.seal, iv, head, inside)));
    }

    /// What is in a ticket of ours that is in time and was not used; the caller closes it.
    public Optional<TicketState> open(Octets ticket, long now) {
        Optional<Key> found = byId(ticket, now);
        if (found.isEmpty() || found.get().spent.contains(iv(ticket).buffer().getLong())) {
            return Optional.empty();
        }
        Key key = found.get();
        Octets iv = iv(ticket);
        Optional<TicketState> state =
                crypto.messageAead(CIPHER)
                        .open(
                                key.seal,
                                iv,
                                ticket.slice(0, HEAD),
                                ticket.slice(HEAD, ticket.length()))
                        .flatMap(inside -> parse(inside, key, iv));
        if (state.isPresent() && now >= state.get().expiresAt()) {
            state.get().close();
            return Optional.empty();
        }
        return state;
    }

    /// It does not open again.
    ///
    /// @return whether it would have
    public boolean spend(Octets ticket, long now) {
        return byId(ticket, now)
                .filter(k -> k.spent.add(iv(ticket).buffer().getLong()))
                .isPresent();
    }

    private Octets masked(Key key, Octets iv, Secret d) {
        byte[] octets = d.expose();
        mask(key, iv, octets);
        return Octets.owned(octets);
    }

    private void mask(Key key, Octets iv, byte[] octets) {
        PrfFunction prf = crypto.prf(Prf.HMAC_SHA2_256);
        try (Secret mask = PrfPlus.expand(prf, key.mask, octets.length, PrfFunction.part(iv))) {
            byte[] m = mask.expose();
            for (int i = 0; i < octets.length; i++) {
                octets[i] ^= m[i];
            }
            Arrays.fill(m, (byte) 0);
        }
    }

    private static Octets emit(TicketState s, Octets masked) {
        Octets idI = s.idI().body();
        Octets idR = s.idR().body();
        Octets sa = s.sa().body();
        return new Writer()
                .u16(idI.length())
                .octets(idI)
                .u16(idR.length())
                .octets(idR)
                .u64(s.spiI())
                .u64(s.spiR())
                .u16(sa.length())
                .octets(sa)
                .u8(masked.length())
                .octets(masked)
                .u8(s.method())
                .u64(s.expiresAt())
                .toOctets();
    }

    private Optional<TicketState> parse(Octets inside, Key key, Octets iv) {
        try {
            Reader in = new Reader(inside);
            Identification idI = identification(true, in.octets(in.u16("length"), "IDi"));
            Identification idR = identification(false, in.octets(in.u16("length"), "IDr"));
            long spiI = in.u64("SPIi");
            long spiR = in.u64("SPIr");
            SaPayload sa = sa(in.octets(in.u16("length"), "SAr"));
            byte[] d = in.octets(in.u8("length"), "SK_d").toArray();
            mask(key, iv, d);
            return Optional.of(
                    new TicketState(
                            idI,
                            idR,
                            spiI,
                            spiR,
                            sa,
                            Secret.owned(d),
                            in.u8("method"),
                            in.u64("expiration")));
        } catch (MalformedException e) {
            throw new IllegalStateException("a ticket of ours that we cannot read", e);
        }
    }

    private static Identification identification(boolean initiator, Octets body)
            throws MalformedException {
        int type = initiator ? PayloadType.ID_INITIATOR : PayloadType.ID_RESPONDER;
        return one(type, body, Identification.class);
    }

    private static SaPayload sa(Octets body) throws MalformedException {
        return one(PayloadType.SA, body, SaPayload.class);
    }

    private static <P extends Payload> P one(int type, Octets body, Class<P> kind)
            throws MalformedException {
        Octets chain =
                new Writer(4 + body.length())
                        .u8(0)
                        .u8(0)
                        .u16(4 + body.length())
                        .octets(body)
                        .toOctets();
        List<P> all = PayloadChain.parseInner(type, chain).all(kind);
        if (all.size() != 1) {
            throw new MalformedException("a payload of type " + type, 0);
        }
        return all.getFirst();
    }
}
