package io.sallyport.ipsec.sad;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.model.sa.SaHalf;
import org.jspecify.annotations.Nullable;

/// A cipher that is made when its first packet comes. An engine's context takes kilobytes; of ten
/// thousand SAs few carry anything in one hour, and those that do not should cost their keys only.
public final class SleepingCipher implements PacketCipher {
    private final CryptoEngine engine;
    private final EspSuite suite;
    private final boolean seals;
    private final Secret encryptionKey;
    private final Secret integrityKey;
    private @Nullable PacketCipher awake;
    private boolean closed;

    private SleepingCipher(CryptoEngine engine, EspSuite suite, SaHalf half, boolean seals) {
        int encryption = suite.cipher().keyingOctets();
        int integrity = suite.integrity().keyOctets();
        if (half.encryptionKey().length() != encryption
                || half.integrityKey().length() != integrity) {
            throw new IllegalArgumentException(
                    suite
                            + " takes keys of "
                            + encryption
                            + " and "
                            + integrity
                            + " octets, not "
                            + half.encryptionKey().length()
                            + " and "
                            + half.integrityKey().length());
        }
        this.engine = engine;
        this.suite = suite;
        this.seals = seals;
        this.encryptionKey = half.encryptionKey().copy();
        this.integrityKey = half.integrityKey().copy();
    }

    /// The keys are copied.
    ///
    /// @throws IllegalArgumentException if a key's length is not the suite's
    public static PacketCipher sealer(CryptoEngine engine, EspSuite suite, SaHalf half) {
        return new SleepingCipher(engine, suite, half, true);
    }

    /// The keys are copied.
    ///
    /// @throws IllegalArgumentException if a key's length is not the suite's
    public static PacketCipher opener(CryptoEngine engine, EspSuite suite, SaHalf half) {
        return new SleepingCipher(engine, suite, half, false);
    }

    @Override
    public void seal(PacketBatch batch, int from, int to) {
        cipher().seal(batch, from, to);
    }

    @Override
    public long open(PacketBatch batch, int from, int to) {
        return cipher().open(batch, from, to);
    }

    private PacketCipher cipher() {
        PacketCipher now = awake;
        if (now == null) {
            if (closed) {
                throw new IllegalStateException("cipher was closed");
            }
            now =
                    seals
                            ? engine.sealer(suite, encryptionKey, integrityKey)
                            : engine.opener(suite, encryptionKey, integrityKey);
            awake = now;
            forgetKeys();
        }
        return now;
    }

    private void forgetKeys() {
        encryptionKey.close();
        integrityKey.close();
    }

    @Override
    public void close() {
        closed = true;
        forgetKeys();
        PacketCipher now = awake;
        awake = null;
        if (now != null) {
            now.close();
        }
    }
}
