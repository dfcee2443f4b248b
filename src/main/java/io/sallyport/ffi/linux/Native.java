package io.sallyport.ffi.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// How a function of libc is linked: pointers are plain `long` addresses.
///
/// A handle that captures `errno` (before the virtual machine can overwrite it) allocates 40 to 80
/// octets a call unless the compiler happens to inline all of it, and for a call made once a burst
/// it often does not. So the calls of the packet road are linked twice: a plain handle, and the
/// capturing one for asking again after an error. None of them does anything when it fails, so
/// asking again is safe.
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final long ERRNO =
            Linker.Option.captureStateLayout()
                    .byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(
                    () -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private Native() {}

    /// A handle that says only that a call failed, not why; it allocates nothing.
    static MethodHandle plain(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    /// A handle that captures `errno`; its first argument is [#state()].
    static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, CAPTURE);
    }

    /// A C function with `...` after its first `fixed` parameters.
    static MethodHandle variadic(String name, int fixed, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                type,
                CAPTURE,
                Linker.Option.firstVariadicArg(fixed));
    }

    /// Where the calling thread's calls leave their `errno`.
    static MemorySegment state() {
        return STATE.get();
    }

    /// `result` where the call went well, else `-errno`.
    static int result(long result, MemorySegment state) {
        return result >= 0 ? (int) result : -state.get(ValueLayout.JAVA_INT, ERRNO);
    }

    /// A linked function itself throws nothing: whatever arrives here is a bug of ours.
    static RuntimeException bug(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
