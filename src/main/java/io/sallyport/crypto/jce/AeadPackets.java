package io.sallyport.crypto.jce;

import static io.sallyport.crypto.jce.InitialVectors.HEADER;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.EspSuite;
import java.util.Arrays;

/// ESP with an AEAD (RFC 4106, RFC 7634).
///
/// ```text
///  nonce: | salt (3 or 4, of the key) | IV (8, of the packet) |
///  AAD:   | SPI | sequence number |   or with ESN   | SPI | sequence, high | sequence, low |
/// ```
///
/// An implicit IV (RFC 8750) is not sent: it is the extended sequence number.
final class AeadPackets implements PacketCipher {
    private static final int IV = 8;

    private final Aead aead;
    private final InitialVectors ivs;
    private final int saltOctets;
    private final int ivOctets;
    private final int payload;
    private final int icvOctets;
    private final boolean esn;
    private final boolean seals;
    private final byte[] nonce;
    private final byte[] aad;
    private final Scratch scratch = new Scratch();
    private boolean closed;

    /// @param salt copied
    /// @param seals whether this is an outbound SA
    AeadPackets(EspSuite suite, Aead aead, Secret salt, InitialVectors ivs, boolean seals) {
        this.aead = aead;
        this.ivs = ivs;
        this.saltOctets = salt.length();
        this.ivOctets = suite.cipher().encryption().ivOctets();
        this.payload = HEADER + ivOctets;
        this.nonce = new byte[saltOctets + IV];
        this.icvOctets = suite.icvOctets();
        this.esn = suite.esn();
        this.seals = seals;
        this.aad = new byte[esn ? 12 : 8];
        System.arraycopy(salt.expose(), 0, nonce, 0, saltOctets);
    }

    @Override
    public void seal(PacketBatch batch, int from, int to) {
        require(seals);
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - payload - icvOctets;
            if (length < 0) {
                throw new IllegalArgumentException("packet of " + batch.length(i) + " octets");
            }
            scratch.load(batch, i);
            ivs.write(scratch.in, batch.sequenceHigh(i));
            prepare(batch.sequenceHigh(i));
            System.arraycopy(scratch.in, HEADER, scratch.out, HEADER, ivOctets);
            aead.seal(nonce, aad, scratch.in, payload, length, scratch.out);
            Scratch.store(scratch.out, HEADER, ivOctets + length + icvOctets, batch, i);
        }
    }

    @Override
    public long open(PacketBatch batch, int from, int to) {
        require(!seals);
        long authentic = 0;
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - payload - icvOctets;
            if (length < 0) {
                continue;
            }
            scratch.load(batch, i);
            prepare(batch.sequenceHigh(i));
            if (aead.open(nonce, aad, scratch.in, payload, length, scratch.out)) {
                Scratch.store(scratch.out, payload, length, batch, i);
                authentic |= 1L << (i - from);
            }
        }
        return authentic;
    }

    private void prepare(int sequenceHigh) {
        byte[] in = scratch.in;
        if (ivOctets == IV) {
            System.arraycopy(in, HEADER, nonce, saltOctets, IV);
        } else {
            // RFC 8750, 3: the sequence number, with ESN all of it, else 4 octets of zero before it
            high(nonce, saltOctets, esn ? sequenceHigh : 0);
            System.arraycopy(in, 4, nonce, saltOctets + 4, 4);
        }
        System.arraycopy(in, 0, aad, 0, 4);
        if (esn) {
            high(aad, 4, sequenceHigh);
        }
        System.arraycopy(in, 4, aad, esn ? 8 : 4, 4);
    }

    private static void high(byte[] to, int at, int sequenceHigh) {
        to[at] = (byte) (sequenceHigh >>> 24);
        to[at + 1] = (byte) (sequenceHigh >>> 16);
        to[at + 2] = (byte) (sequenceHigh >>> 8);
        to[at + 3] = (byte) sequenceHigh;
    }

    private void require(boolean direction) {
        if (!direction || closed) {
            throw new IllegalStateException(
                    closed ? "cipher was closed" : "cipher is for the other direction");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            aead.close();
            scratch.wipe();
            Arrays.fill(nonce, (byte) 0);
        }
    }
}
