package io.sallyport.crypto.ipsecmb;

import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.BE64;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.jce.IvStream;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.ffi.ipsecmb.Bursts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// AES-CBC (RFC 3602), AES-CTR (RFC 3686) or NULL with an HMAC, as bursts: a block of CBC, or of a
/// hash, has to wait for the one before it, so that only blocks of other packets keep the processor
/// busy. *Sealing* encrypts all packets of a run, then hashes all; *opening* hashes all, and
/// decrypts those whose ICV is right. A run of few packets is another engine's.
///
/// ```text
///  memory:  | schedule to encrypt | schedule to decrypt | inner pad | outer pad | block or key, while they are prepared |
///  scratch: | tag that it should have had, or nonce (4) IV (8) of CTR |  for each job
/// ```
final class BurstPackets implements PacketCipher {
    private static final int HEADER = 8;
    private static final int NONCE = 4;

    private static final int DECRYPT = Bursts.SCHEDULE;
    private static final int INNER = 2 * Bursts.SCHEDULE;
    private static final int OUTER = INNER + Bursts.PAD;
    private static final int BLOCK = OUTER + Bursts.PAD;
    private static final int SIZE = BLOCK + 128;

    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 64);
    private final long address = memory.address();
    private final PacketCipher few;
    private final int fewest;
    private final int mode;
    private final int hash;
    private final int keyOctets;
    private final int block;
    private final int ivOctets;
    private final int icvOctets;
    private final int nonce;
    private final boolean esn;
    private final @Nullable IvStream ivs;
    private final boolean seals;
    private boolean closed;

    /// @param few what takes runs of fewer than `fewest` packets; closed with this one
    BurstPackets(
            EspSuite suite,
            Secret keying,
            Secret integrityKey,
            boolean seals,
            PacketCipher few,
            int fewest,
            SecureRandom random)
            throws GeneralSecurityException {
        Encryption encryption = suite.cipher().encryption();
        this.few = few;
        this.fewest = fewest;
        this.mode =
                switch (encryption) {
                    case AES_CBC -> Bursts.MODE_CBC;
                    case AES_CTR -> Bursts.MODE_CTR;
                    default -> 0;
                };
        this.hash = hash(suite.integrity());
        this.keyOctets = suite.cipher().keyOctets();
        this.block = encryption.blockOctets();
        this.ivOctets = encryption.ivOctets();
        this.icvOctets = suite.icvOctets();
        this.esn = suite.esn();
        this.seals = seals;
        this.ivs = seals && mode == Bursts.MODE_CBC ? new IvStream(random) : null;
        byte[] key = keying.expose();
        int salt = 0;
        if (mode != 0) {
            MemorySegment.copy(key, 0, memory, U8, BLOCK, keyOctets);
            Bursts.expand(suite.cipher().keyBits(), address + BLOCK, address, address + DECRYPT);
            for (int i = keyOctets; i < key.length; i++) {
                salt = salt << 8 | key[i] & 0xff;
            }
        }
        this.nonce = salt;
        pad(integrityKey, 0x36, INNER);
        pad(integrityKey, 0x5c, OUTER);
        memory.asSlice(BLOCK).fill((byte) 0);
    }

    static boolean has(Encryption encryption, Integrity integrity) {
        return switch (encryption) {
                    case AES_CBC, AES_CTR, NULL -> true;
                    default -> false;
                }
                && hash(integrity) != 0;
    }

    private static int hash(Integrity integrity) {
        return switch (integrity) {
            case HMAC_SHA1_96 -> Bursts.HMAC_SHA1;
            case HMAC_SHA2_256_128 -> Bursts.HMAC_SHA2_256;
            case HMAC_SHA2_384_192 -> Bursts.HMAC_SHA2_384;
            case HMAC_SHA2_512_256 -> Bursts.HMAC_SHA2_512;
            default -> 0;
        };
    }

    /// RFC 2104, 2: "XOR (bitwise exclusive-OR) the B byte string [...] with ipad".
    private void pad(Secret key, int with, int to) {
        byte[] octets = key.expose();
        int blockOctets = hash == Bursts.HMAC_SHA1 || hash == Bursts.HMAC_SHA2_256 ? 64 : 128;
        for (int i = 0; i < blockOctets; i++) {
            int octet = i < octets.length ? octets[i] : 0;
            memory.set(U8, BLOCK + i, (byte) (octet ^ with));
        }
        Bursts.prepare(hash, address + BLOCK, address + to);
    }

    @Override
    public void seal(PacketBatch batch, int from, int to) {
        require(seals);
        if (to - from < fewest) {
            few.seal(batch, from, to);
            return;
        }
        for (int i = from; i < to; i++) {
            int length = payload(batch, i);
            if (length < 0 || length % block != 0) {
                throw new IllegalArgumentException("payload of " + length + " octets");
            }
        }
        Bursts jobs = Bursts.mine();
        MemorySegment packets = batch.memory();
        int count = 0;
        for (int i = from; i < to; i++) {
            writeIv(packets, batch.start(i), batch.sequenceHigh(i));
            if (mode != 0 && payload(batch, i) > 0) {
                cipherJob(jobs, count++, batch, i);
            }
        }
        if (count > 0) {
            jobs.runCipher(count, mode, true, keyOctets);
        }
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - icvOctets;
            long at = packets.address() + batch.start(i);
            hashJob(jobs, i - from, batch, i, at + length);
        }
        jobs.runHash(to - from, hash);
    }

    @Override
    public long open(PacketBatch batch, int from, int to) {
        require(!seals);
        if (to - from < fewest) {
            return few.open(batch, from, to);
        }
        long authentic = authentic(Bursts.mine(), batch, from, to);
        if (mode == 0) {
            return authentic;
        }
        Bursts jobs = Bursts.mine();
        int count = 0;
        for (int i = from; i < to; i++) {
            if ((authentic >>> (i - from) & 1) != 0 && payload(batch, i) > 0) {
                cipherJob(jobs, count++, batch, i);
            }
        }
        if (count > 0) {
            jobs.runCipher(count, mode, mode == Bursts.MODE_CTR, keyOctets);
        }
        return authentic;
    }

    private long authentic(Bursts jobs, PacketBatch batch, int from, int to) {
        MemorySegment packets = batch.memory();
        MemorySegment tags = jobs.scratch();
        long whole = 0;
        int count = 0;
        for (int i = from; i < to; i++) {
            int length = payload(batch, i);
            if (length < 0 || length % block != 0) {
                continue;
            }
            whole |= 1L << (i - from);
            int slot = count * Bursts.SLOT;
            if (esn) {
                // The place of the ICV lends its first octets to what is hashed but not sent
                int icv = batch.start(i) + batch.length(i) - icvOctets;
                tags.set(BE32, slot + icvOctets, packets.get(BE32, icv));
            }
            hashJob(jobs, count++, batch, i, tags.address() + slot);
        }
        if (count == 0) {
            return 0;
        }
        jobs.runHash(count, hash);
        long authentic = 0;
        int job = 0;
        for (int i = from; i < to; i++) {
            if ((whole >>> (i - from) & 1) == 0) {
                continue;
            }
            int slot = job++ * Bursts.SLOT;
            int icv = batch.start(i) + batch.length(i) - icvOctets;
            if (esn) {
                packets.set(BE32, icv, tags.get(BE32, slot + icvOctets));
            }
            // In constant time
            int difference = 0;
            for (int k = 0; k < icvOctets; k += 4) {
                difference |= packets.get(BE32, icv + k) ^ tags.get(BE32, slot + k);
            }
            if (difference == 0) {
                authentic |= 1L << (i - from);
            }
        }
        return authentic;
    }

    private int payload(PacketBatch batch, int i) {
        return batch.length(i) - HEADER - ivOctets - icvOctets;
    }

    private void writeIv(MemorySegment packets, int at, int sequenceHigh) {
        IvStream unpredictable = ivs;
        if (unpredictable != null) {
            int iv = unpredictable.next(ivOctets);
            MemorySegment.copy(unpredictable.octets(), iv, packets, U8, at + HEADER, ivOctets);
        } else if (mode == Bursts.MODE_CTR) {
            // RFC 3686, 3.1: "the same IV value is used only once for a given key": the extended
            // sequence number, which never comes twice
            packets.set(BE32, at + HEADER, sequenceHigh);
            packets.set(BE32, at + HEADER + 4, packets.get(BE32, at + 4));
        }
    }

    private void cipherJob(Bursts jobs, int job, PacketBatch batch, int i) {
        MemorySegment packets = batch.memory();
        int at = batch.start(i);
        long iv = packets.address() + at + HEADER;
        int octets = ivOctets;
        if (mode == Bursts.MODE_CTR) {
            // RFC 3686, 4: nonce, IV; the library begins to count with one
            MemorySegment scratch = jobs.scratch();
            int slot = job * Bursts.SLOT;
            scratch.set(BE32, slot, nonce);
            scratch.set(BE64, slot + NONCE, packets.get(BE64, at + HEADER));
            iv = scratch.address() + slot;
            octets = NONCE + ivOctets;
        }
        jobs.cipher(
                job,
                mode,
                address,
                address + DECRYPT,
                keyOctets,
                packets.address() + at + HEADER + ivOctets,
                payload(batch, i),
                iv,
                octets);
    }

    /// RFC 4303, 2.2.1: with ESN the high 32 bits of the sequence number are hashed behind the
    /// packet, but not sent.
    private void hashJob(Bursts jobs, int job, PacketBatch batch, int i, long tagAt) {
        MemorySegment packets = batch.memory();
        int at = batch.start(i);
        int length = batch.length(i) - icvOctets;
        if (esn) {
            packets.set(BE32, at + length, batch.sequenceHigh(i));
        }
        jobs.hash(
                job,
                hash,
                address + INNER,
                address + OUTER,
                packets.address() + at,
                length + (esn ? 4 : 0),
                tagAt,
                icvOctets);
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
            few.close();
            memory.fill((byte) 0);
        }
    }
}
