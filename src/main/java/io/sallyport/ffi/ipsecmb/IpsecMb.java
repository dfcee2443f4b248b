package io.sallyport.ffi.ipsecmb;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The library libIPSec_MB: AES-GCM of one message a call, by the instructions of this processor.
///
/// The library itself finds out what the processor can do, when it sets up a manager. Of that
/// structure, which differs from version to version, one entry is read: the function for
/// AES-128-GCM. It must be one of those that the library exports by name; its siblings are then
/// taken by their names. A library of another shape is therefore not used, rather than called at a
/// wrong address.
public final class IpsecMb {
    /// Octets of `struct gcm_key_data` with room to spare: 240 of round keys and up to 48 powers of
    /// the hash key.
    public static final int KEY_DATA = 4096;

    /// Octets of `struct gcm_context_data`, likewise.
    public static final int CONTEXT = 512;

    private static final String LIBRARY = "libIPSec_MB.so.";

    /// Where `IMB_MGR` has `gcm128_enc`, in versions 1.0 to 2.0.
    private static final long GCM128_ENC = 256;

    private static final List<String> KINDS =
            List.of("vaes_avx512", "avx512", "avx_gen4", "avx_gen2", "sse");

    private static final @Nullable Library FOUND = find();

    // Constants to the just-in-time compiler, so that a call is a call
    private static final @Nullable MethodHandle SEAL_128 = seal(128);
    private static final @Nullable MethodHandle SEAL_192 = seal(192);
    private static final @Nullable MethodHandle SEAL_256 = seal(256);
    private static final @Nullable MethodHandle OPEN_128 = open(128);
    private static final @Nullable MethodHandle OPEN_192 = open(192);
    private static final @Nullable MethodHandle OPEN_256 = open(256);

    private IpsecMb() {}

    private record Library(SymbolLookup symbols, String version, String kind) {}

    /// The version and the instructions in use, e.g. `1.3.0 vaes_avx512`; empty: there is no such
    /// library here.
    public static String description() {
        return FOUND == null ? "" : FOUND.version() + " " + FOUND.kind();
    }

    public static boolean isThere() {
        return SEAL_256 != null && OPEN_256 != null;
    }

    private static @Nullable Library find() {
        if (!System.getProperty("os.arch", "").equals("amd64")) {
            return null;
        }
        for (String major : List.of("1", "2")) {
            try {
                Library library =
                        examine(SymbolLookup.libraryLookup(LIBRARY + major, Arena.global()));
                if (library != null) {
                    return library;
                }
            } catch (IllegalArgumentException _) {
                // not installed
            }
        }
        return null;
    }

    private static @Nullable Library examine(SymbolLookup symbols) {
        Linker linker = Linker.nativeLinker();
        if (symbols.find("imb_get_version").isEmpty()
                || symbols.find("alloc_mb_mgr").isEmpty()
                || symbols.find("init_mb_mgr_auto").isEmpty()
                || symbols.find("free_mb_mgr").isEmpty()) {
            return null;
        }
        try {
            int version =
                    (int)
                            linker.downcallHandle(
                                            symbols.findOrThrow("imb_get_version"),
                                            FunctionDescriptor.of(JAVA_INT))
                                    .invokeExact();
            if (version < 0x010000 || version >= 0x020100) {
                return null;
            }
            long manager =
                    (long)
                            linker.downcallHandle(
                                            symbols.findOrThrow("alloc_mb_mgr"),
                                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG))
                                    .invokeExact(0L);
            if (manager == 0) {
                return null;
            }
            linker.downcallHandle(
                            symbols.findOrThrow("init_mb_mgr_auto"),
                            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG))
                    .invokeExact(manager, 0L);
            long chosen =
                    MemorySegment.ofAddress(manager)
                            .reinterpret(GCM128_ENC + 8)
                            .get(JAVA_LONG, GCM128_ENC);
            linker.downcallHandle(
                            symbols.findOrThrow("free_mb_mgr"),
                            FunctionDescriptor.ofVoid(JAVA_LONG))
                    .invokeExact(manager);
            return named(symbols, version, chosen);
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    private static @Nullable Library named(SymbolLookup symbols, int version, long chosen) {
        for (String kind : KINDS) {
            MemorySegment function = symbols.find("aes_gcm_enc_128_" + kind).orElse(null);
            if (function != null && function.address() == chosen) {
                return new Library(
                        symbols,
                        (version >>> 16) + "." + (version >>> 8 & 0xff) + "." + (version & 0xff),
                        kind);
            }
        }
        return null;
    }

    private static @Nullable MethodHandle function(String name, int bits, FunctionDescriptor type) {
        if (FOUND == null) {
            return null;
        }
        // It neither blocks nor calls back, so the thread need not leave Java for it
        return FOUND.symbols()
                .find("aes_gcm_" + name + "_" + bits + "_" + FOUND.kind())
                .map(at ->
                        Linker.nativeLinker()
                                .downcallHandle(at, type, Linker.Option.critical(false)))
                .orElse(null);
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
            throw bug(t);
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
            throw bug(t);
        }
    }

    private static RuntimeException bug(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
