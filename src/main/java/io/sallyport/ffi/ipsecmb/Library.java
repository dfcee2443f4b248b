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

/// libIPSec_MB as it was found.
///
/// The library itself finds out what the processor can do, when it sets up a manager. Of that
/// structure, which differs from version to version, two entries are read: the function for
/// AES-128-GCM and the one for bursts of cipher jobs. Each must be one of those that the library
/// exports by name; its siblings are then taken by their names. A library of another shape is
/// therefore not used, rather than called at a wrong address.
///
/// @param version as the library tells it: 1.3.0 is 0x010300
/// @param gcm which instructions its AES-GCM uses, e.g. `vaes_avx512`
/// @param burst which family of burst functions it chose, e.g. `avx512_t1`; empty: none that we
///   know how to call
record Library(SymbolLookup symbols, int version, String gcm, String burst) {
    private static final String NAME = "libIPSec_MB.so.";

    /// Where `IMB_MGR` has `gcm128_enc`, in versions 1.0 to 2.0.
    private static final long GCM128_ENC = 256;

    /// Where it has `submit_cipher_burst`, in version 1.3.
    private static final long SUBMIT_CIPHER_BURST = 984;

    private static final List<String> GCM_KINDS =
            List.of("vaes_avx512", "avx512", "avx_gen4", "avx_gen2", "sse");

    private static final List<String> BURST_KINDS =
            List.of(
                    "avx512_t2",
                    "avx512_t1",
                    "avx2_t2",
                    "avx2_t1",
                    "avx_t2",
                    "avx_t1",
                    "sse_t3",
                    "sse_t2",
                    "sse_t1");

    /// Null where no library that we know is installed.
    static final @Nullable Library FOUND = find();

    private static @Nullable Library find() {
        if (!System.getProperty("os.arch", "").equals("amd64")) {
            return null;
        }
        for (String major : List.of("1", "2")) {
            try {
                Library library = examine(SymbolLookup.libraryLookup(NAME + major, Arena.global()));
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
        if (symbols.find("imb_get_version").isEmpty()
                || symbols.find("alloc_mb_mgr").isEmpty()
                || symbols.find("init_mb_mgr_auto").isEmpty()
                || symbols.find("free_mb_mgr").isEmpty()) {
            return null;
        }
        int version;
        try {
            version =
                    (int)
                            Linker.nativeLinker()
                                    .downcallHandle(
                                            symbols.findOrThrow("imb_get_version"),
                                            FunctionDescriptor.of(JAVA_INT))
                                    .invokeExact();
        } catch (Throwable t) {
            throw bug(t);
        }
        if (version < 0x010000 || version >= 0x020100) {
            return null;
        }
        Library nameless = new Library(symbols, version, "", "");
        MemorySegment manager = nameless.newManager(Arena.ofAuto());
        if (manager.address() == 0) {
            return null;
        }
        String gcm =
                nameless.nameOf(manager.get(JAVA_LONG, GCM128_ENC), "aes_gcm_enc_128_", GCM_KINDS);
        // The layout of a job, and of this end of the manager, was read for 1.3 only
        String burst =
                version >>> 8 == 0x0103
                        ? nameless.nameOf(
                                manager.get(JAVA_LONG, SUBMIT_CIPHER_BURST),
                                "submit_cipher_burst_",
                                BURST_KINDS)
                        : "";
        return gcm.isEmpty() ? null : new Library(symbols, version, gcm, burst);
    }

    private String nameOf(long function, String prefix, List<String> kinds) {
        for (String kind : kinds) {
            MemorySegment named = symbols.find(prefix + kind).orElse(null);
            if (named != null && named.address() == function) {
                return kind;
            }
        }
        return "";
    }

    /// A manager of one thread's, given back when `arena` ends. Its address is 0 without memory.
    MemorySegment newManager(Arena arena) {
        Linker linker = Linker.nativeLinker();
        MethodHandle free =
                linker.downcallHandle(
                        symbols.findOrThrow("free_mb_mgr"), FunctionDescriptor.ofVoid(JAVA_LONG));
        try {
            long manager =
                    (long)
                            linker.downcallHandle(
                                            symbols.findOrThrow("alloc_mb_mgr"),
                                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG))
                                    .invokeExact(0L);
            if (manager == 0) {
                return MemorySegment.NULL;
            }
            linker.downcallHandle(
                            symbols.findOrThrow("init_mb_mgr_auto"),
                            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG))
                    .invokeExact(manager, 0L);
            return MemorySegment.ofAddress(manager)
                    .reinterpret(SUBMIT_CIPHER_BURST + 8, arena, segment -> give(free, segment));
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    private static void give(MethodHandle free, MemorySegment manager) {
        try {
            free.invokeExact(manager.address());
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// A function of the library; null if it has none of that name.
    @Nullable MethodHandle function(
            String name, FunctionDescriptor type, Linker.Option... options) {
        return symbols.find(name)
                .map(at -> Linker.nativeLinker().downcallHandle(at, type, options))
                .orElse(null);
    }

    /// The instructions behind [#burst], e.g. `avx512`.
    String instructions() {
        return burst.replaceFirst("_t\\d$", "");
    }

    String versionText() {
        return (version >>> 16) + "." + (version >>> 8 & 0xff) + "." + (version & 0xff);
    }

    static RuntimeException bug(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
