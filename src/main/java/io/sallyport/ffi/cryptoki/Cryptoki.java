package io.sallyport.ffi.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One module. All of it is called by one thread, the same that called [#initialize()]: that is
/// what PKCS#11 asks for where no locking is agreed upon (v2.40, 5.4, `C_Initialize`).
///
/// ```text
///  CK_FUNCTION_LIST   CK_VERSION (2 octets, 6 of padding), then the functions as the standard
///                     counts them, an address each
///  CK_ATTRIBUTE       type, address and length of the value: 8 octets each
///  CK_MECHANISM       mechanism, address and length of the parameter
///  CK_TOKEN_INFO      label[32] manufacturer[32] model[16] serial[16] flags ... 208 octets
/// ```
///
/// `CK_ULONG` is C's `unsigned long`, of 8 octets on 64-bit Linux.
public final class Cryptoki {
    /// The person who may use keys.
    public static final long USER = 1;

    /// The same, once more for one signature.
    public static final long CONTEXT_SPECIFIC = 2;

    private static final int INITIALIZE = 0;
    private static final int FINALIZE = 1;
    private static final int GET_SLOT_LIST = 4;
    private static final int GET_TOKEN_INFO = 6;
    private static final int GET_MECHANISM_LIST = 7;
    private static final int OPEN_SESSION = 12;
    private static final int CLOSE_SESSION = 13;
    private static final int LOGIN = 18;
    private static final int LOGOUT = 19;
    private static final int GET_ATTRIBUTE_VALUE = 24;
    private static final int FIND_OBJECTS_INIT = 26;
    private static final int FIND_OBJECTS = 27;
    private static final int FIND_OBJECTS_FINAL = 28;
    private static final int SIGN_INIT = 42;
    private static final int SIGN = 43;

    /// Of the functions that we know, the last one.
    private static final int FUNCTIONS = SIGN + 1;

    /// Behind the version, padded.
    private static final long FIRST_FUNCTION = 8;

    private static final long SERIAL_SESSION = 0x4;
    private static final long TOKEN_INFO = 208;
    private static final long LABEL = 32;
    private static final long SERIAL = 80;
    private static final long SERIAL_OCTETS = 16;
    private static final long FLAGS = 96;
    private static final long ATTRIBUTE = 24;

    /// Longer than a signature by RSA of 16384 bits.
    private static final long MOST_SIGNATURE = 2048;

    private static final long MOST_VALUE = 1 << 20;
    private static final long MOST_LISTED = 4096;
    private static final int MOST_FOUND = 16;

    /// `CK_UNAVAILABLE_INFORMATION`.
    private static final long UNAVAILABLE = -1;

    private static final MethodHandle ONE = link(ADDRESS);
    private static final MethodHandle SESSION = link(JAVA_LONG);
    private static final MethodHandle SLOT_LIST = link(JAVA_BYTE, ADDRESS, ADDRESS);
    private static final MethodHandle OF_SLOT = link(JAVA_LONG, ADDRESS);
    private static final MethodHandle LIST_OF_SLOT = link(JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle OPEN = link(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle NUMBER_AND_OCTETS =
            link(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle POINTED = link(JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle FIND = link(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle MAKE = link(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

    private final MemorySegment list;

    private Cryptoki(MemorySegment list) {
        this.list = list;
    }

    /// Linked without an address: it is the handle's first argument.
    private static MethodHandle link(MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    /// A module that stays loaded as long as we run: what other threads of its own do is not known.
    ///
    /// @throws IllegalArgumentException if it is no library that can be loaded, or none of PKCS#11
    public static Cryptoki load(Path module) throws CryptokiException {
        MemorySegment entry =
                SymbolLookup.libraryLookup(module, Arena.global())
                        .find("C_GetFunctionList")
                        .orElseThrow(
                                () -> new IllegalArgumentException("it has no C_GetFunctionList"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = arena.allocate(ADDRESS);
            check("C_GetFunctionList", (long) ONE.invokeExact(entry, at));
            return of(at.get(ADDRESS, 0));
        } catch (CryptokiException | IllegalArgumentException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// @param at a `CK_FUNCTION_LIST`
    static Cryptoki of(MemorySegment at) {
        if (at.address() == 0) {
            throw new IllegalArgumentException("it has no list of functions");
        }
        MemorySegment list = at.reinterpret(FIRST_FUNCTION + FUNCTIONS * ADDRESS.byteSize());
        // v3.0 keeps the list of 2.40, and offers more by another door
        if (list.get(JAVA_BYTE, 0) < 2) {
            throw new IllegalArgumentException("it speaks a Cryptoki before 2.0");
        }
        return new Cryptoki(list);
    }

    private MemorySegment function(int number) {
        return list.get(ADDRESS, FIRST_FUNCTION + number * ADDRESS.byteSize());
    }

    private static void check(String function, long value) throws CryptokiException {
        if (value != Ckr.OK) {
            throw new CryptokiException(function, value);
        }
    }

    /// A linked function itself throws nothing: whatever arrives here is a bug of ours.
    private static RuntimeException bug(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }

    /// Once a process; that somebody did it before is no mistake.
    public void initialize() throws CryptokiException {
        long value;
        try {
            value = (long) ONE.invokeExact(function(INITIALIZE), MemorySegment.NULL);
        } catch (Throwable t) {
            throw bug(t);
        }
        if (value != Ckr.CRYPTOKI_ALREADY_INITIALIZED) {
            check("C_Initialize", value);
        }
    }

    /// Ends every session and everybody's login.
    public void finish() throws CryptokiException {
        try {
            check("C_Finalize", (long) ONE.invokeExact(function(FINALIZE), MemorySegment.NULL));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    // ---- slots and tokens

    /// Those with a token in them.
    public List<Long> slots() throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            byte present = 1;
            // Asking for the number alone is what has a module look anew (v2.40, 5.5)
            check(
                    "C_GetSlotList",
                    (long)
                            SLOT_LIST.invokeExact(
                                    function(GET_SLOT_LIST), present, MemorySegment.NULL, count));
            long room = counted("C_GetSlotList", count) + 1;
            MemorySegment slots = arena.allocate(JAVA_LONG, room);
            count.set(JAVA_LONG, 0, room);
            check(
                    "C_GetSlotList",
                    (long) SLOT_LIST.invokeExact(function(GET_SLOT_LIST), present, slots, count));
            return numbers(slots, Math.min(room, count.get(JAVA_LONG, 0)));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    private static long counted(String function, MemorySegment count) throws CryptokiException {
        long said = count.get(JAVA_LONG, 0);
        if (said < 0 || said > MOST_LISTED) {
            throw new CryptokiException(function, Ckr.DEVICE_ERROR);
        }
        return said;
    }

    private static List<Long> numbers(MemorySegment segment, long count) {
        List<Long> all = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            all.add(segment.getAtIndex(JAVA_LONG, i));
        }
        return all;
    }

    public TokenInfo token(long slot) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(TOKEN_INFO, 8);
            check(
                    "C_GetTokenInfo",
                    (long) OF_SLOT.invokeExact(function(GET_TOKEN_INFO), slot, info));
            return new TokenInfo(
                    slot,
                    text(info, 0, LABEL),
                    text(info, SERIAL, SERIAL_OCTETS),
                    info.get(JAVA_LONG, FLAGS));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// Padded with blanks, and not ended by a zero. What could play tricks with a terminal is left
    /// out.
    private static String text(MemorySegment info, long at, long length) {
        byte[] octets = info.asSlice(at, length).toArray(JAVA_BYTE);
        return new String(octets, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?").strip();
    }

    /// What the token in `slot` can do, by numbers as in [Mechanism].
    public List<Long> mechanisms(long slot) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            check(
                    "C_GetMechanismList",
                    (long)
                            LIST_OF_SLOT.invokeExact(
                                    function(GET_MECHANISM_LIST), slot, MemorySegment.NULL, count));
            long room = counted("C_GetMechanismList", count) + 1;
            MemorySegment all = arena.allocate(JAVA_LONG, room);
            count.set(JAVA_LONG, 0, room);
            check(
                    "C_GetMechanismList",
                    (long)
                            LIST_OF_SLOT.invokeExact(
                                    function(GET_MECHANISM_LIST), slot, all, count));
            return numbers(all, Math.min(room, count.get(JAVA_LONG, 0)));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    // ---- sessions

    /// One that reads only.
    public long openSession(long slot) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment session = arena.allocate(JAVA_LONG);
            check(
                    "C_OpenSession",
                    (long)
                            OPEN.invokeExact(
                                    function(OPEN_SESSION),
                                    slot,
                                    SERIAL_SESSION,
                                    MemorySegment.NULL,
                                    MemorySegment.NULL,
                                    session));
            return session.get(JAVA_LONG, 0);
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    public void closeSession(long session) throws CryptokiException {
        try {
            check("C_CloseSession", (long) SESSION.invokeExact(function(CLOSE_SESSION), session));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// For all sessions with that token. What the PIN was written to is zeroed.
    ///
    /// @param user [#USER] or [#CONTEXT_SPECIFIC]
    public void login(long session, long user, Secret pin) throws CryptokiException {
        byte[] octets = pin.expose();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = arena.allocate(Math.max(1, octets.length));
            MemorySegment.copy(octets, 0, at, JAVA_BYTE, 0, octets.length);
            long value =
                    (long)
                            NUMBER_AND_OCTETS.invokeExact(
                                    function(LOGIN), session, user, at, (long) octets.length);
            at.fill((byte) 0);
            check("C_Login", value);
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    public void logout(long session) throws CryptokiException {
        try {
            check("C_Logout", (long) SESSION.invokeExact(function(LOGOUT), session));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    // ---- objects

    /// The handles of those objects whose attributes are all as said; at most 16.
    ///
    /// @param numbers attributes that are a `CK_ULONG`, e.g. [Cka#CLASS]
    /// @param octets attributes that are octets, e.g. [Cka#ID]
    public List<Long> find(long session, Map<Long, Long> numbers, Map<Long, Octets> octets)
            throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            long count = numbers.size() + octets.size();
            MemorySegment template = arena.allocate(Math.max(1, count) * ATTRIBUTE, 8);
            long at = 0;
            for (Map.Entry<Long, Long> one : numbers.entrySet()) {
                MemorySegment value = arena.allocateFrom(JAVA_LONG, one.getValue());
                at = attribute(template, at, one.getKey(), value);
            }
            for (Map.Entry<Long, Octets> one : octets.entrySet()) {
                MemorySegment value = arena.allocateFrom(JAVA_BYTE, one.getValue().toArray());
                at = attribute(template, at, one.getKey(), value);
            }
            check(
                    "C_FindObjectsInit",
                    (long)
                            POINTED.invokeExact(
                                    function(FIND_OBJECTS_INIT), session, template, count));
            return found(arena, session);
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    private static long attribute(MemorySegment to, long at, long type, MemorySegment value) {
        to.set(JAVA_LONG, at, type);
        to.set(ADDRESS, at + 8, value);
        to.set(JAVA_LONG, at + 16, value.byteSize());
        return at + ATTRIBUTE;
    }

    private List<Long> found(Arena arena, long session) throws Throwable {
        MemorySegment objects = arena.allocate(JAVA_LONG, MOST_FOUND);
        MemorySegment count = arena.allocate(JAVA_LONG);
        long value =
                (long)
                        FIND.invokeExact(
                                function(FIND_OBJECTS), session, objects, (long) MOST_FOUND, count);
        // In any case: a search that is not ended keeps every other one away
        long end = (long) SESSION.invokeExact(function(FIND_OBJECTS_FINAL), session);
        check("C_FindObjects", value);
        check("C_FindObjectsFinal", end);
        return numbers(objects, Math.clamp(count.get(JAVA_LONG, 0), 0, MOST_FOUND));
    }

    /// Empty if the object has no such attribute, or does not show it.
    public Optional<Octets> attribute(long session, long object, long type)
            throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment template = arena.allocate(ATTRIBUTE, 8);
            template.set(JAVA_LONG, 0, type);
            template.set(ADDRESS, 8, MemorySegment.NULL);
            long value = read(session, object, template);
            long length = template.get(JAVA_LONG, 16);
            if (value == Ckr.ATTRIBUTE_TYPE_INVALID
                    || value == Ckr.ATTRIBUTE_SENSITIVE
                    || length == UNAVAILABLE) {
                return Optional.empty();
            }
            check("C_GetAttributeValue", value);
            if (length <= 0 || length > MOST_VALUE) {
                return Optional.empty();
            }
            MemorySegment octets = arena.allocate(length);
            template.set(ADDRESS, 8, octets);
            check("C_GetAttributeValue", read(session, object, template));
            long written = Math.clamp(template.get(JAVA_LONG, 16), 0, length);
            return Optional.of(Octets.owned(octets.asSlice(0, written).toArray(JAVA_BYTE)));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    private long read(long session, long object, MemorySegment template) throws Throwable {
        return (long)
                NUMBER_AND_OCTETS.invokeExact(
                        function(GET_ATTRIBUTE_VALUE), session, object, template, 1L);
    }

    // ---- signatures

    /// Begins the one signature that a session makes at a time.
    public void signInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(24, 8);
            how.set(JAVA_LONG, 0, mechanism.number());
            if (!mechanism.pss().equals(Mechanism.Pss.NONE)) {
                MemorySegment pss =
                        arena.allocateFrom(
                                JAVA_LONG,
                                mechanism.pss().hash(),
                                mechanism.pss().generator(),
                                mechanism.pss().salt());
                how.set(ADDRESS, 8, pss);
                how.set(JAVA_LONG, 16, pss.byteSize());
            }
            check("C_SignInit", (long) POINTED.invokeExact(function(SIGN_INIT), session, how, key));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// Makes it, over all of `data`.
    public Octets sign(long session, Octets data) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocate(Math.max(1, data.length()));
            MemorySegment.copy(data.toArray(), 0, from, JAVA_BYTE, 0, data.length());
            MemorySegment to = arena.allocate(MOST_SIGNATURE);
            MemorySegment length = arena.allocateFrom(JAVA_LONG, MOST_SIGNATURE);
            check(
                    "C_Sign",
                    (long)
                            MAKE.invokeExact(
                                    function(SIGN),
                                    session,
                                    from,
                                    (long) data.length(),
                                    to,
                                    length));
            long made = Math.clamp(length.get(JAVA_LONG, 0), 0, MOST_SIGNATURE);
            return Octets.owned(to.asSlice(0, made).toArray(JAVA_BYTE));
        } catch (CryptokiException e) {
            throw e;
        } catch (Throwable t) {
            throw bug(t);
        }
    }
}
