package io.sallyport.crypto.ipsecmb;

import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.BE64;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ffi.ipsecmb.Bursts;
import io.sallyport.ffi.ipsecmb.IpsecMb;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// ESP with AES-GCM (RFC 4106) or ChaCha20-Poly1305 (RFC 7634) in place.
///
/// ```text
///  memory:  | expanded key | context | salt (4) IV (8) | AAD (12) | tag (16) | key, while it is expanded |
/// ```
///
/// ChaCha20 expands no key: it stays where it is.
final class AeadPackets implements PacketCipher {
    private static final int HEADER = 8;
    private static final int IV = 8;
    private static final int PAYLOAD = HEADER + IV;
    private static final int SALT = 4;

    private static final int CONTEXT = IpsecMb.KEY_DATA;
    private static final int NONCE = CONTEXT + IpsecMb.CONTEXT;
    private static final int AAD = NONCE + 16;
    private static final int TAG = AAD + 16;
    private static final int KEY = TAG + 16;
    private static final int SIZE = KEY + 32;

    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 64);
    private final long address = memory.address();
    private final boolean chacha;
    private final int keyBits;
    private final int icvOctets;
    private final boolean esn;
    private final boolean seals;
    private boolean closed;

    AeadPackets(EspSuite suite, Secret keying, boolean seals) {
        this.chacha = suite.cipher().encryption() == Encryption.CHACHA20_POLY1305;
        this.keyBits = suite.cipher().keyBits();
        this.icvOctets = suite.icvOctets();
        this.esn = suite.esn();
        this.seals = seals;
        int keyOctets = suite.cipher().keyOctets();
        byte[] octets = keying.expose();
        MemorySegment.copy(octets, 0, memory, U8, KEY, keyOctets);
        MemorySegment.copy(octets, keyOctets, memory, U8, NONCE, SALT);
        if (!chacha) {
            IpsecMb.expand(keyBits, address + KEY, address);
            memory.asSlice(KEY).fill((byte) 0);
        }
    }

    @Override
    public void seal(PacketBatch batch, int from, int to) {
        require(seals);
        MemorySegment packets = batch.memory();
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - PAYLOAD - icvOctets;
            if (length < 0) {
                throw new IllegalArgumentException("packet of " + batch.length(i) + " octets");
            }
            int at = batch.start(i);
            // RFC 4106, 3.1: "For a given key, the IV MUST NOT repeat": the extended sequence
            // number, which never does
            packets.set(BE32, at + HEADER, batch.sequenceHigh(i));
            packets.set(BE32, at + HEADER + 4, packets.get(BE32, at + 4));
            long aad = prepare(packets, at, batch.sequenceHigh(i));
            long payload = packets.address() + at + PAYLOAD;
            encrypt(payload, length, aad, payload + length);
        }
    }

    @Override
    public long open(PacketBatch batch, int from, int to) {
        require(!seals);
        MemorySegment packets = batch.memory();
        long authentic = 0;
        for (int i = from; i < to; i++) {
            int length = batch.length(i) - PAYLOAD - icvOctets;
            if (length < 0) {
                continue;
            }
            int at = batch.start(i);
            long aad = prepare(packets, at, batch.sequenceHigh(i));
            long payload = packets.address() + at + PAYLOAD;
            decrypt(payload, length, aad);
            if (tagMatches(packets, (long) at + PAYLOAD + length)) {
                authentic |= 1L << (i - from);
            } else {
                // The key stream once more: what is not authentic stays as it came
                encrypt(payload, length, aad, address + TAG);
            }
        }
        return authentic;
    }

    private void encrypt(long payload, int length, long aad, long tag) {
        int aadOctets = esn ? 12 : 8;
        if (chacha) {
            Bursts.mine()
                    .chaCha20Poly1305(
                            true,
                            address + KEY,
                            payload,
                            length,
                            address + NONCE,
                            aad,
                            aadOctets,
                            tag);
        } else {
            IpsecMb.seal(
                    keyBits,
                    address,
                    address + CONTEXT,
                    payload,
                    length,
                    address + NONCE,
                    aad,
                    aadOctets,
                    tag,
                    icvOctets);
        }
    }

    /// Leaves the tag that the packet should have had in [#memory].
    private void decrypt(long payload, int length, long aad) {
        int aadOctets = esn ? 12 : 8;
        if (chacha) {
            Bursts.mine()
                    .chaCha20Poly1305(
                            false,
                            address + KEY,
                            payload,
                            length,
                            address + NONCE,
                            aad,
                            aadOctets,
                            address + TAG);
        } else {
            IpsecMb.open(
                    keyBits,
                    address,
                    address + CONTEXT,
                    payload,
                    length,
                    address + NONCE,
                    aad,
                    aadOctets,
                    address + TAG,
                    icvOctets);
        }
    }

    /// In constant time.
    private boolean tagMatches(MemorySegment packets, long at) {
        int difference = 0;
        for (int k = 0; k < icvOctets; k++) {
            difference |= memory.get(U8, TAG + k) ^ packets.get(U8, at + k);
        }
        return difference == 0;
    }

    /// Writes the nonce and gives the address of the AAD.
    ///
    /// RFC 4106, 5: SPI and sequence number; with ESN "the 64-bit" one, its high half between them.
    private long prepare(MemorySegment packets, int at, int sequenceHigh) {
        memory.set(BE64, NONCE + SALT, packets.get(BE64, at + HEADER));
        if (!esn) {
            return packets.address() + at;
        }
        memory.set(BE32, AAD, packets.get(BE32, at));
        memory.set(BE32, AAD + 4, sequenceHigh);
        memory.set(BE32, AAD + 8, packets.get(BE32, at + 4));
        return address + AAD;
    }

    private void require(boolean direction) {
        if (!direction || closed) {
            throw new IllegalStateException(
                    closed ? "cipher was closed" : "cipher is for the other direction");
        }
    }

    @Override
    public void close() {
        closed = true;
        memory.fill((byte) 0);
    }
}
