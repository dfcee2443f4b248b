package io.sallyport.ffi.ipsecmb;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The library libIPSec_MB: AES-GCM of one message a call, by the instructions of this processor.
/// [Bursts] has what needs many messages at once.
public final class IpsecMb {
    /// Octets of `struct gcm_key_data` with room to spare: 240 of round keys and up to 48 powers of
    /// the hash key.
    public static final int KEY_DATA = 4096;

    /// Octets of `struct gcm_context_data`, likewise.
    public static final int CONTEXT = 512;

    // Constants to the just-in-time compiler, so that a call is a call
    private static final @Nullable MethodHandle SEAL_128 = seal(128);
    private static final @Nullable MethodHandle SEAL_192 = seal(192);
    private static final @Nullable MethodHandle SEAL_256 = seal(256);
    private static final @Nullable MethodHandle OPEN_128 = open(128);
    private static final @Nullable MethodHandle OPEN_192 = open(192);
    private static final @Nullable MethodHandle OPEN_256 = open(256);

    private IpsecMb() {}

    /// The version and the instructions in use, e.g. `1.3.0 vaes_avx512`; empty: there is no such
    /// library here.
    public static String description() {
        return Library.FOUND == null ? "" : Library.FOUND.versionText() + " " + Library.FOUND.gcm();
    }

    public static boolean isThere() {
        return SEAL_256 != null && OPEN_256 != null;
    }

    private static @Nullable MethodHandle function(String name, int bits, FunctionDescriptor type) {
        // It neither blocks nor calls back, so the thread need not leave Java for it
        return Library.FOUND == null
                ? null
                : Library.FOUND.function(
                        "aes_gcm_" + name + "_" + bits + "_" + Library.FOUND.gcm(),
                        type,
                        Linker.Option.critical(false));
    }

    private static FunctionDescriptor message() {
        return FunctionDescriptor.ofVoid(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                JAVA_LONG, JAVA_LONG, JAVA_LONG);
    }

    private static @Nullable MethodHandle seal(int bits) {
        return function("enc", bits, message());
    }

    private static @Nullable MethodHandle open(int bits) {
        return function("dec", bits, message());
    }

    /// Expands a key. All numbers are addresses of native memory.
    ///
    /// @param data [#KEY_DATA] octets, a multiple of 64
    public static void expand(int keyBits, long key, long data) {
        MethodHandle pre =
                function("pre", keyBits, FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
        if (pre == null) {
            throw new IllegalStateException("no libIPSec_MB");
        }
        try {
            pre.invokeExact(key, data);
        } catch (Throwable t) {
            throw Library.bug(t);
        }
    }

    /// Encrypts `length` octets of `text` in place and writes the tag.
    ///
    /// @param context [#CONTEXT] octets of scratch
    /// @param nonce 12 octets
    public static void seal(
            int keyBits,
            long data,
            long context,
            long text,
            long length,
            long nonce,
            long aad,
            long aadLength,
            long tag,
            long tagLength) {
        MethodHandle call = keyBits == 128 ? SEAL_128 : keyBits == 192 ? SEAL_192 : SEAL_256;
        run(call, data, context, text, length, nonce, aad, aadLength, tag, tagLength);
    }

    /// Decrypts `length` octets of `text` in place and writes the tag that they should have had: to
    /// compare is the caller's.
    public static void open(
            int keyBits,
            long data,
            long context,
            long text,
            long length,
            long nonce,
            long aad,
            long aadLength,
            long tag,
            long tagLength) {
        MethodHandle call = keyBits == 128 ? OPEN_128 : keyBits == 192 ? OPEN_192 : OPEN_256;
        run(call, data, context, text, length, nonce, aad, aadLength, tag, tagLength);
    }

    private static void run(
            @Nullable MethodHandle call,
            long data,
            long context,
            long text,
            long length,
            long nonce,
            long aad,
            long aadLength,
            long tag,
            long tagLength) {
        if (call == null) {
            throw new IllegalStateException("no libIPSec_MB");
        }
        try {
            call.invokeExact(
                    data, context, text, text, length, nonce, aad, aadLength, tag, tagLength);
        } catch (Throwable t) {
            throw Library.bug(t);
        }
    }
}
