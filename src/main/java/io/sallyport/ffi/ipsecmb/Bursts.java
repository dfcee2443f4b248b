package io.sallyport.ffi.ipsecmb;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Many messages at once by libIPSec_MB: AES-CBC, AES-CTR and HMAC, whose blocks depend on each
/// other within a message but not between messages. One for each thread.
///
/// Jobs are written by [#cipher] or [#hash] at 0, 1, 2 ..., then [#run] works them all off before
/// it returns: nothing is in flight between calls, so that any number of SAs share a thread's jobs.
/// All numbers called `at` are addresses of native memory; the library checks none of them.
///
/// ```text
///  IMB_JOB (200 octets, version 1.3)
///    0 enc_keys    8 dec_keys   16 key_len     24 src        32 dst
///   40 cipher_offset            48 cipher_len  56 hash_offset
///   64 hash_len   72 iv         80 iv_len      88 tag        96 tag_len
///  104 ipad      112 opad      128 status     132 cipher    136 direction
///  140 hash      144 order
/// ```
public final class Bursts {
    /// Most jobs of a burst.
    public static final int MOST = 64;

    /// Octets of an expanded AES key of one direction.
    public static final int SCHEDULE = 256;

    /// Octets of each half of an HMAC key that was prepared.
    public static final int PAD = 64;

    /// Octets of [#scratch()] that belong to one job.
    public static final int SLOT = 64;

    /// What [#MODE_CBC] and its like are worth is the library's.
    public static final int MODE_CBC = 1;

    public static final int MODE_CTR = 2;

    public static final int HMAC_SHA1 = 1;
    public static final int HMAC_SHA2_256 = 3;
    public static final int HMAC_SHA2_384 = 4;
    public static final int HMAC_SHA2_512 = 5;

    private static final int JOB = 200;
    private static final int ENCRYPT = 1;
    private static final int DECRYPT = 2;

    private static final @Nullable MethodHandle CIPHER =
            burst(
                    "submit_cipher_burst_",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_INT));
    private static final @Nullable MethodHandle HASH =
            burst(
                    "submit_hash_burst_",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));

    private static final ThreadLocal<Bursts> MINE = ThreadLocal.withInitial(Bursts::new);

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment manager;
    private final MemorySegment jobs = arena.allocate((long) MOST * JOB, 64);
    private final MemorySegment scratch = arena.allocate((long) MOST * SLOT, 64);
    private final long managerAt;
    private final long jobsAt = jobs.address();

    private Bursts() {
        Library library = Library.FOUND;
        if (library == null || !areThere()) {
            throw new IllegalStateException("no bursts of libIPSec_MB");
        }
        manager = library.newManager(arena);
        managerAt = manager.address();
        if (managerAt == 0) {
            throw new IllegalStateException("libIPSec_MB has no memory for a manager");
        }
    }

    private static @Nullable MethodHandle burst(String name, FunctionDescriptor type) {
        Library library = Library.FOUND;
        return library == null || library.burst().isEmpty()
                ? null
                // A burst of 64 packets of 1500 octets takes 30 microseconds
                : library.function(name + library.burst(), type, Linker.Option.critical(false));
    }

    /// Whether the library is there, in a version whose jobs we know.
    public static boolean areThere() {
        return CIPHER != null && HASH != null;
    }

    /// Those of this thread.
    public static Bursts mine() {
        return MINE.get();
    }

    /// Memory for what goes with jobs: [#SLOT] octets for each.
    public MemorySegment scratch() {
        return scratch;
    }

    /// Expands an AES key.
    ///
    /// @param encryptAt [#SCHEDULE] octets, a multiple of 16
    /// @param decryptAt as much
    public static void expand(int keyBits, long keyAt, long encryptAt, long decryptAt) {
        MethodHandle expand =
                named(
                        "aes_keyexp_" + keyBits + "_",
                        FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));
        try {
            expand.invokeExact(keyAt, encryptAt, decryptAt);
        } catch (Throwable t) {
            throw Library.bug(t);
        }
    }

    /// One step of a hash from its initial value: of an HMAC key, padded to the block and mixed
    /// with ipad or opad.
    ///
    /// @param blockAt 64 octets, 128 with SHA-384 and SHA-512
    /// @param padAt [#PAD] octets, a multiple of 16
    public static void prepare(int hash, long blockAt, long padAt) {
        String name =
                switch (hash) {
                    case HMAC_SHA1 -> "sha1";
                    case HMAC_SHA2_256 -> "sha256";
                    case HMAC_SHA2_384 -> "sha384";
                    case HMAC_SHA2_512 -> "sha512";
                    default -> throw new IllegalArgumentException("hash " + hash);
                };
        MethodHandle step =
                named(name + "_one_block_", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
        try {
            step.invokeExact(blockAt, padAt);
        } catch (Throwable t) {
            throw Library.bug(t);
        }
    }

    private static MethodHandle named(String prefix, FunctionDescriptor type) {
        Library library = Library.FOUND;
        MethodHandle function =
                library == null || library.burst().isEmpty()
                        ? null
                        : library.function(prefix + library.instructions(), type);
        if (function == null) {
            throw new IllegalStateException("libIPSec_MB has no " + prefix);
        }
        return function;
    }

    /// Job `i`: to encrypt or decrypt `length` octets in place.
    public void cipher(
            int i,
            int mode,
            long encryptAt,
            long decryptAt,
            int keyOctets,
            long textAt,
            int length,
            long ivAt,
            int ivOctets) {
        long job = (long) i * JOB;
        jobs.set(JAVA_LONG, job, encryptAt);
        jobs.set(JAVA_LONG, job + 8, decryptAt);
        jobs.set(JAVA_LONG, job + 16, keyOctets);
        jobs.set(JAVA_LONG, job + 24, textAt);
        jobs.set(JAVA_LONG, job + 32, textAt);
        jobs.set(JAVA_LONG, job + 40, 0);
        jobs.set(JAVA_LONG, job + 48, length);
        jobs.set(JAVA_LONG, job + 72, ivAt);
        jobs.set(JAVA_LONG, job + 80, ivOctets);
        jobs.set(JAVA_INT, job + 128, 0);
        jobs.set(JAVA_INT, job + 132, mode);
    }

    /// Job `i`: the HMAC of `length` octets.
    ///
    /// @param tagOctets as the RFCs cut it for IPsec
    public void hash(
            int i,
            int hash,
            long innerAt,
            long outerAt,
            long textAt,
            int length,
            long tagAt,
            int tagOctets) {
        long job = (long) i * JOB;
        jobs.set(JAVA_LONG, job + 24, textAt);
        jobs.set(JAVA_LONG, job + 56, 0);
        jobs.set(JAVA_LONG, job + 64, length);
        jobs.set(JAVA_LONG, job + 88, tagAt);
        jobs.set(JAVA_LONG, job + 96, tagOctets);
        jobs.set(JAVA_LONG, job + 104, innerAt);
        jobs.set(JAVA_LONG, job + 112, outerAt);
        jobs.set(JAVA_INT, job + 128, 0);
        jobs.set(JAVA_INT, job + 140, hash);
    }

    /// Runs jobs 0 to `count` (exclusive), all written by [#cipher] with these very parameters.
    public void runCipher(int count, int mode, boolean encrypts, int keyOctets) {
        MethodHandle call = CIPHER;
        if (call == null) {
            throw new IllegalStateException("no bursts of libIPSec_MB");
        }
        try {
            int done =
                    (int)
                            call.invokeExact(
                                    managerAt,
                                    jobsAt,
                                    count,
                                    mode,
                                    encrypts ? ENCRYPT : DECRYPT,
                                    keyOctets);
            require(done, count);
        } catch (Throwable t) {
            throw Library.bug(t);
        }
    }

    /// Runs jobs 0 to `count` (exclusive), all written by [#hash] with this very hash.
    public void runHash(int count, int hash) {
        MethodHandle call = HASH;
        if (call == null) {
            throw new IllegalStateException("no bursts of libIPSec_MB");
        }
        try {
            require((int) call.invokeExact(managerAt, jobsAt, count, hash), count);
        } catch (Throwable t) {
            throw Library.bug(t);
        }
    }

    private static void require(int done, int count) {
        if (done != count) {
            throw new IllegalStateException(done + " of " + count + " jobs done");
        }
    }
}
