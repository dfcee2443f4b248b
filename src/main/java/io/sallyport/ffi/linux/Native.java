package io.sallyport.ffi.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// How a function of libc is linked: pointers are plain `long` addresses, and `errno` is captured
/// before the virtual machine can overwrite it.
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final long ERRNO =
            Linker.Option.captureStateLayout()
                    .byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final long SIZE = Linker.Option.captureStateLayout().byteSize();
    private static final MemorySegment EVERYWHERE = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ThreadLocal<State> STATE = ThreadLocal.withInitial(State::new);

    /// Memory of one thread, and its address.
    private static final class State {
        final MemorySegment memory = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
        final long address = memory.address();
    }

    private Native() {}

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
    // A slice of a constant, made anew each time, costs nothing once compiled: the compiler knows
    // its class for
    // certain, and so removes it and the copy that the linker makes of it. Of a segment out of a
    // field or a
    // ThreadLocal it only has the profile, shared with all other code, and then every call leaves
    // 40 octets.
    static MemorySegment state() {
        return EVERYWHERE.asSlice(STATE.get().address, SIZE);
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
