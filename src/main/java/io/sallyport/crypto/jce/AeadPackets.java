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
///  nonce: | salt (4, of the key) | IV (8, of the packet) |
///  AAD:   | SPI | sequence number |   or with ESN   | SPI | sequence, high | sequence, low |
/// ```
final class AeadPackets implements PacketCipher {
    private static final int SALT = 4;
    private static final int IV = 8;
    private static final int PAYLOAD = HEADER + IV;

    private final Aead aead;
    private final InitialVectors ivs;
    private final int icvOctets;
    private final boolean esn;
    private final boolean seals;
    private final byte[] nonce = new byte[SALT + IV];
    private final byte[] aad;
    private final Scratch scratch = new Scratch();
    private boolean closed;

    /// @param salt copied
    /// @param seals whether this is an outbound SA
    AeadPackets(EspSuite suite, Aead aead, Secret salt, InitialVectors ivs, boolean seals) {
        this.aead = aead;
        this.ivs = ivs;
        this.icvOctets = suite.icvOctets();
        this.esn = suite.esn();
        this.seals = seals;
        this.aad = new byte[esn ? 12 : 8];
        System.arraycopy(salt.expose(), 0, nonce, 0, SALT);
    }

    @Override
    public void seal(PacketBatch batch, int from, int to) {
        require(seals);
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - PAYLOAD - icvOctets;
            if (length < 0) {
                throw new IllegalArgumentException("packet of " + batch.length(i) + " octets");
            }
            scratch.load(batch, i);
            ivs.write(scratch.in, batch.sequenceHigh(i));
            prepare(batch.sequenceHigh(i));
            System.arraycopy(scratch.in, HEADER, scratch.out, HEADER, IV);
            aead.seal(nonce, aad, scratch.in, PAYLOAD, length, scratch.out);
            Scratch.store(scratch.out, HEADER, IV + length + icvOctets, batch, i);
        }
    }

    @Override
    public long open(PacketBatch batch, int from, int to) {
        require(!seals);
        long authentic = 0;
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - PAYLOAD - icvOctets;
            if (length < 0) {
                continue;
            }
            scratch.load(batch, i);
            prepare(batch.sequenceHigh(i));
            if (aead.open(nonce, aad, scratch.in, PAYLOAD, length, scratch.out)) {
                Scratch.store(scratch.out, PAYLOAD, length, batch, i);
                authentic |= 1L << (i - from);
            }
        }
        return authentic;
    }

    private void prepare(int sequenceHigh) {
        byte[] in = scratch.in;
        System.arraycopy(in, HEADER, nonce, SALT, IV);
        System.arraycopy(in, 0, aad, 0, 4);
        if (esn) {
            aad[4] = (byte) (sequenceHigh >>> 24);
            aad[5] = (byte) (sequenceHigh >>> 16);
            aad[6] = (byte) (sequenceHigh >>> 8);
            aad[7] = (byte) sequenceHigh;
        }
        System.arraycopy(in, 4, aad, esn ? 8 : 4, 4);
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
