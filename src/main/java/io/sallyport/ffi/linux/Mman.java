package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// sys/mman.h: memory by the page.
public final class Mman {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final long FAILED = -1;

    private static final MethodHandle MMAP =
            Native.plain(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            Native.plain("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    private Mman() {}

    /// Octets that are zero and take no memory before they are touched: an arena's own are written
    /// when they are allocated. The system has them back when `arena` is closed.
    public static MemorySegment pages(Arena arena, long octets) {
        long address;
        try {
            address =
                    (long)
                            MMAP.invokeExact(
                                    0L,
                                    octets,
                                    PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS,
                                    -1,
                                    0L);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
        if (address == FAILED) {
            throw new OutOfMemoryError("mmap of " + octets + " octets");
        }
        return MemorySegment.ofAddress(address).reinterpret(octets, arena, Mman::release);
    }

    private static void release(MemorySegment pages) {
        try {
            int _ = (int) MUNMAP.invokeExact(pages.address(), pages.byteSize());
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }
}
