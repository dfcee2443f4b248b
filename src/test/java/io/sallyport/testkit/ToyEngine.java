package io.sallyport.testkit;

import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ipsec.sad.EspLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// A packet cipher with the shape of every suite and the strength of none: a keystream and a tag
/// from 64-bit mixing. It allocates nothing, so what a road allocates is the road's; and it is an
/// error to use it after it was closed, so keys wiped too early are seen.
public final class ToyEngine implements CryptoEngine {
    private final AtomicInteger closed = new AtomicInteger();

    /// Ciphers closed so far.
    public int closed() {
        return closed.get();
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public boolean offers(Prf prf) {
        return false;
    }

    @Override
    public boolean offers(Group group) {
        return false;
    }

    @Override
    public boolean offers(Cipher cipher) {
        return false;
    }

    @Override
    public boolean offers(EspSuite suite) {
        return true;
    }

    @Override
    public PrfFunction prf(Prf prf) {
        throw new IllegalArgumentException(prf.toString());
    }

    @Override
    public KeyAgreement agreement(Group group) {
        throw new IllegalArgumentException(group.toString());
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        throw new IllegalArgumentException(cipher.toString());
    }

    @Override
    public PacketCipher sealer(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return new Toy(suite, encryptionKey);
    }

    @Override
    public PacketCipher opener(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return new Toy(suite, encryptionKey);
    }

    private final class Toy implements PacketCipher {
        private final EspLayout layout;
        private final boolean esn;
        private final boolean encrypts;
        private final long key;
        private boolean gone;
        private long packets;

        Toy(EspSuite suite, Secret secret) {
            this.layout = EspLayout.of(suite);
            this.esn = suite.esn();
            this.encrypts = suite.cipher().encryption() != Encryption.NULL;
            this.key = mix(Arrays.hashCode(secret.expose()) * 0x9e3779b97f4a7c15L);
        }

        @Override
        public void seal(PacketBatch batch, int from, int to) {
            inUse();
            for (int i = from; i < to; i++) {
                MemorySegment memory = batch.memory();
                int at = batch.start(i);
                packets++;
                for (int k = 0; k < layout.iv(); k++) {
                    memory.set(U8, at + 8 + k, (byte) (packets >>> 8 * (k & 7)));
                }
                stream(batch, i);
                long tag = tag(batch, i);
                for (int k = 0; k < layout.icv(); k++) {
                    memory.set(U8, icvAt(batch, i) + k, (byte) (tag >>> 8 * (k & 7)));
                }
            }
        }

        @Override
        public long open(PacketBatch batch, int from, int to) {
            inUse();
            long authentic = 0;
            for (int i = from; i < to; i++) {
                int sealed = batch.length(i) - layout.header() - layout.icv();
                boolean good = sealed % layout.alignment() == 0;
                long tag = tag(batch, i);
                for (int k = 0; good && k < layout.icv(); k++) {
                    byte came = batch.memory().get(U8, icvAt(batch, i) + k);
                    good = came == (byte) (tag >>> 8 * (k & 7));
                }
                if (good) {
                    stream(batch, i);
                    authentic |= 1L << i - from;
                }
            }
            return authentic;
        }

        private long icvAt(PacketBatch batch, int i) {
            return batch.start(i) + batch.length(i) - layout.icv();
        }

        private void stream(PacketBatch batch, int i) {
            if (!encrypts) {
                return;
            }
            MemorySegment memory = batch.memory();
            long state = key;
            for (int k = 0; k < Math.min(8, layout.iv()); k++) {
                state = mix(state ^ memory.get(U8, batch.start(i) + 8 + k));
            }
            state = mix(state ^ memory.get(BE32, batch.start(i) + 4));
            long end = icvAt(batch, i);
            for (long at = batch.start(i) + layout.header(); at < end; at++) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                memory.set(U8, at, (byte) (memory.get(U8, at) ^ (byte) (state >>> 40)));
            }
        }

        private long tag(PacketBatch batch, int i) {
            long hash = key ^ (esn ? batch.sequenceHigh(i) : 0);
            long end = icvAt(batch, i);
            MemorySegment memory = batch.memory();
            for (long at = batch.start(i); at < end; at++) {
                hash = (hash ^ memory.get(U8, at)) * 0x100000001b3L;
            }
            return mix(hash);
        }

        private void inUse() {
            if (gone) {
                throw new IllegalStateException("cipher used after it was closed");
            }
        }

        @Override
        public void close() {
            if (!gone) {
                gone = true;
                closed.incrementAndGet();
            }
        }
    }

    private static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
