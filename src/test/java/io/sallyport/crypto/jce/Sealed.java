package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/// What the tests of packet ciphers share: suites, keys, packets.
final class Sealed {
    static final JceEngine JCE = new JceEngine();

    private Sealed() {}

    /// All suites, with and without ESN.
    static List<EspSuite> suites() {
        List<EspSuite> suites = new ArrayList<>();
        for (Encryption encryption : Encryption.values()) {
            for (int bits : encryption.keyBits()) {
                for (Integrity integrity : Integrity.values()) {
                    if (encryption.isAead() == (integrity == Integrity.NONE)) {
                        suites.add(suite(encryption, bits, integrity, false));
                        suites.add(suite(encryption, bits, integrity, true));
                    }
                }
            }
        }
        return suites;
    }

    static EspSuite suite(Encryption encryption, int bits, Integrity integrity, boolean esn) {
        return new EspSuite(Cipher.of(encryption, bits), integrity, Group.NONE, esn);
    }

    static Secret key(int octets, int seed) {
        byte[] key = new byte[octets];
        for (int i = 0; i < octets; i++) {
            key[i] = (byte) (seed + 31 * i);
        }
        return Secret.owned(key);
    }

    static Secret encryptionKey(EspSuite suite) {
        return key(suite.cipher().keyingOctets(), 1);
    }

    static Secret integrityKey(EspSuite suite) {
        return key(suite.integrity().keyOctets(), 7);
    }

    static PacketCipher sealer(EspSuite suite) {
        return JCE.sealer(suite, encryptionKey(suite), integrityKey(suite));
    }

    static PacketCipher opener(EspSuite suite) {
        return JCE.opener(suite, encryptionKey(suite), integrityKey(suite));
    }

    /// A sealer that takes the IV that is in the packet already.
    static PacketCipher sealerKeepingIvs(EspSuite suite, Secret key, Secret integrityKey) {
        try {
            return JCE.packets(suite, key, integrityKey, InitialVectors.none(), true);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// Octets in front of the payload.
    static int front(EspSuite suite) {
        return 8 + suite.cipher().encryption().ivOctets();
    }

    /// Adds a packet with counting octets as payload, unsealed.
    static int add(PacketBatch batch, EspSuite suite, int sequence, int plain) {
        int front = front(suite);
        byte[] clear = new byte[front + plain + suite.icvOctets()];
        ByteBuffer.wrap(clear).putInt(0x4321).putInt(sequence);
        for (int n = 0; n < plain; n++) {
            clear[front + n] = (byte) (n + sequence);
        }
        int i = batch.add();
        batch.fill(i, clear, 0, clear.length);
        batch.sequenceHigh(i, suite.esn() ? 0x01020304 : 0);
        return i;
    }

    /// Adds a packet as it is.
    static int add(PacketBatch batch, Octets packet, int sequenceHigh) {
        int i = batch.add();
        batch.fill(i, packet.toArray(), 0, packet.length());
        batch.sequenceHigh(i, sequenceHigh);
        return i;
    }

    static Octets packet(PacketBatch batch, int i) {
        return Octets.owned(batch.copy(i));
    }

    static Octets payload(PacketBatch batch, int i, EspSuite suite) {
        Octets all = packet(batch, i);
        return all.slice(front(suite), all.length() - suite.icvOctets());
    }
}
