package io.sallyport.crypto.jce;

import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.crypto.jce.InitialVectors.HEADER;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.lanes.HmacSha1Lanes;
import io.sallyport.crypto.suite.EspSuite;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/// Encrypt, then HMAC, XCBC or CMAC.
///
/// RFC 4303, 2.8: the ICV is "computed over the ESP header, Payload, and ESP trailer fields", and
/// (2.2.1) with ESN over the high 32 bits of the sequence number behind them, which are not sent.
final class HmacPackets implements PacketCipher {
    private final PayloadCipher payloads;
    private final InitialVectors ivs;
    private final Mac mac;
    private final RawKey macKey;
    private final int block;
    private final int ivOctets;
    private final int icvOctets;
    private final boolean esn;
    private final boolean seals;
    private final Scratch scratch = new Scratch();
    private final byte[] high = new byte[4];
    private final @Nullable HmacSha1Lanes lanes;
    private boolean closed;

    /// Packets of a run from which on they are hashed side by side.
    static final int FEWEST = 16;

    /// @param seals whether this is an outbound SA
    /// @param lanes for the HMACs of longer runs; null: one by one
    HmacPackets(
            EspSuite suite,
            PayloadCipher payloads,
            Secret integrityKey,
            InitialVectors ivs,
            boolean seals,
            @Nullable HmacSha1Lanes lanes)
            throws GeneralSecurityException {
        this.payloads = payloads;
        this.ivs = ivs;
        this.macKey = RawKey.mac(suite.integrity().jceName(), integrityKey);
        this.mac = CipherMac.find(suite.integrity().jceName());
        mac.init(macKey);
        this.block = suite.cipher().encryption().blockOctets();
        this.ivOctets = suite.cipher().encryption().ivOctets();
        this.icvOctets = suite.icvOctets();
        this.esn = suite.esn();
        this.seals = seals;
        this.lanes = lanes;
    }

    @Override
    public void seal(PacketBatch batch, int from, int to) {
        require(seals);
        HmacSha1Lanes together = lanes;
        if (together != null && to - from >= FEWEST) {
            seal(together, batch, from, to);
            return;
        }
        for (int i = from; i < to; i++) {
            scratch.load(batch, i);
            byte[] in = scratch.in;
            byte[] out = scratch.out;
            int payload = HEADER + ivOctets;
            int icv = batch.length(i) - icvOctets;
            int length = icv - payload;
            if (length < 0 || length % block != 0) {
                throw new IllegalArgumentException("payload of " + length + " octets");
            }
            ivs.write(in, batch.sequenceHigh(i));
            payloads.encrypt(in, HEADER, length, out);
            mac.update(in, 0, payload);
            mac.update(out, payload, length);
            byte[] tag = finish(batch.sequenceHigh(i));
            System.arraycopy(in, HEADER, out, HEADER, ivOctets);
            System.arraycopy(tag, 0, out, icv, icvOctets);
            Scratch.store(out, HEADER, batch.length(i) - HEADER, batch, i);
        }
    }

    private void seal(HmacSha1Lanes together, PacketBatch batch, int from, int to) {
        int payload = HEADER + ivOctets;
        together.clear();
        for (int i = from; i < to; i++) {
            int icv = batch.length(i) - icvOctets;
            int length = icv - payload;
            if (length < 0 || length % block != 0) {
                throw new IllegalArgumentException("payload of " + length + " octets");
            }
            scratch.load(batch, i);
            ivs.write(scratch.in, batch.sequenceHigh(i));
            payloads.encrypt(scratch.in, HEADER, length, scratch.out);
            System.arraycopy(scratch.in, HEADER, scratch.out, HEADER, ivOctets);
            Scratch.store(scratch.out, HEADER, icv - HEADER, batch, i);
            together.add(batch.start(i), icv, esn, batch.sequenceHigh(i));
        }
        together.run(batch.memory());
        for (int i = from; i < to; i++) {
            int icv = batch.start(i) + batch.length(i) - icvOctets;
            for (int k = 0; k < icvOctets; k += 4) {
                batch.memory().set(BE32, icv + k, together.word(i - from, k / 4));
            }
        }
    }

    private long open(HmacSha1Lanes together, PacketBatch batch, int from, int to) {
        int payload = HEADER + ivOctets;
        long whole = 0;
        together.clear();
        for (int i = from; i < to; i++) {
            int icv = batch.length(i) - icvOctets;
            if (icv >= payload && (icv - payload) % block == 0) {
                whole |= 1L << (i - from);
                together.add(batch.start(i), icv, esn, batch.sequenceHigh(i));
            }
        }
        together.run(batch.memory());
        long authentic = 0;
        int message = 0;
        for (int i = from; i < to; i++) {
            if ((whole >>> (i - from) & 1) == 0) {
                continue;
            }
            int icv = batch.length(i) - icvOctets;
            int different = 0;
            for (int k = 0; k < icvOctets; k += 4) {
                different |=
                        batch.memory().get(BE32, batch.start(i) + icv + k)
                                ^ together.word(message, k / 4);
            }
            message++;
            if (different == 0) {
                scratch.load(batch, i);
                payloads.decrypt(scratch.in, HEADER, icv - payload, scratch.out);
                Scratch.store(scratch.out, payload, icv - payload, batch, i);
                authentic |= 1L << (i - from);
            }
        }
        return authentic;
    }

    @Override
    public long open(PacketBatch batch, int from, int to) {
        require(!seals);
        HmacSha1Lanes together = lanes;
        if (together != null && to - from >= FEWEST) {
            return open(together, batch, from, to);
        }
        long authentic = 0;
        for (int i = from; i < to; i++) {
            int payload = HEADER + ivOctets;
            int icv = batch.length(i) - icvOctets;
            int length = icv - payload;
            if (length < 0 || length % block != 0) {
                continue;
            }
            scratch.load(batch, i);
            mac.update(scratch.in, 0, icv);
            byte[] tag = finish(batch.sequenceHigh(i));
            if (!Tags.equal(tag, 0, scratch.in, icv, icvOctets)) {
                continue;
            }
            payloads.decrypt(scratch.in, HEADER, length, scratch.out);
            Scratch.store(scratch.out, payload, length, batch, i);
            authentic |= 1L << (i - from);
        }
        return authentic;
    }

    private byte[] finish(int sequenceHigh) {
        if (esn) {
            high[0] = (byte) (sequenceHigh >>> 24);
            high[1] = (byte) (sequenceHigh >>> 16);
            high[2] = (byte) (sequenceHigh >>> 8);
            high[3] = (byte) sequenceHigh;
            mac.update(high);
        }
        return mac.doFinal();
    }

    private void require(boolean direction) {
        if (!direction || closed) {
            throw new IllegalStateException(
                    closed ? "cipher was closed" : "cipher is for the other direction");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        scratch.wipe();
        payloads.close();
        if (lanes != null) {
            lanes.close();
        }
        try {
            mac.init(macKey.blank());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            macKey.destroy();
        }
    }
}
