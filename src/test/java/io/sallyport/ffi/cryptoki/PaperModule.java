package io.sallyport.ffi.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sallyport.base.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// A module whose C functions are written here: it can lose its token, count wrong PINs and ask for
/// the PIN at each signature, which no soft token does on command. One slot, 5; one ECDSA key on
/// P-256, whose CKA_ID is 01; the private half is hidden from who is not logged in.
///
/// Its functions are named as in C, without `C_`. Pointers come as numbers.
public final class PaperModule {
    public static final String PIN = "1234";
    private static final long SLOT = 5;
    private static final long PUBLIC = 21;
    private static final long PRIVATE = 31;
    private static final int MOST_WRONG = 3;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment list = arena.allocate(8 + 68 * 8, 8);
    private final Deque<Long> found = new ArrayDeque<>();

    public KeyPair pair = newPair();
    public boolean present = true;
    public boolean wantsPinEachTime;

    /// In front of what C_Sign gives.
    public long signsWith = Ckr.OK;

    /// How many PINs were shown to it, right ones too.
    public int shown;

    public int wrong;
    public int signatures;
    private long session;
    private boolean loggedIn;
    private boolean mayMakeOne;
    private boolean active;

    public PaperModule() {
        list.set(JAVA_BYTE, 0, (byte) 2);
        list.set(JAVA_BYTE, 1, (byte) 40);
        function(0, "initialize", 'p');
        function(1, "finish", 'p');
        function(4, "getSlotList", 'b', 'p', 'p');
        function(6, "getTokenInfo", 'n', 'p');
        function(7, "getMechanismList", 'n', 'p', 'p');
        function(12, "openSession", 'n', 'n', 'p', 'p', 'p');
        function(13, "closeSession", 'n');
        function(18, "login", 'n', 'n', 'p', 'n');
        function(24, "getAttributeValue", 'n', 'n', 'p', 'n');
        function(26, "findObjectsInit", 'n', 'p', 'n');
        function(27, "findObjects", 'n', 'p', 'n', 'p');
        function(28, "findObjectsFinal", 'n');
        function(42, "signInit", 'n', 'p', 'n');
        function(43, "sign", 'n', 'p', 'n', 'p', 'p');
    }

    public Cryptoki cryptoki() {
        return Cryptoki.of(list);
    }

    public static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void function(int number, String name, char... arguments) {
        Class<?>[] types = new Class<?>[arguments.length];
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            types[i] = arguments[i] == 'b' ? byte.class : long.class;
            layouts[i] = arguments[i] == 'b' ? JAVA_BYTE : JAVA_LONG;
        }
        try {
            MemorySegment stub =
                    Linker.nativeLinker()
                            .upcallStub(
                                    MethodHandles.lookup()
                                            .bind(
                                                    this,
                                                    name,
                                                    MethodType.methodType(long.class, types)),
                                    FunctionDescriptor.of(JAVA_LONG, layouts),
                                    arena);
            list.set(JAVA_LONG, 8 + number * 8L, stub.address());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(name, e);
        }
    }

    private static MemorySegment at(long pointer, long octets) {
        return MemorySegment.ofAddress(pointer).reinterpret(octets);
    }

    private static void number(long pointer, long value) {
        at(pointer, 8).set(JAVA_LONG, 0, value);
    }

    /// Out and in again: whoever was logged in is not any more.
    public void takeOut() {
        present = false;
        session = 0;
        loggedIn = false;
        active = false;
    }

    private long gone(long of) {
        if (!present) {
            return Ckr.DEVICE_REMOVED;
        }
        return of == session ? Ckr.OK : Ckr.SESSION_HANDLE_INVALID;
    }

    long initialize(long unused) {
        return Ckr.OK;
    }

    long finish(long unused) {
        return Ckr.OK;
    }

    long getSlotList(byte withToken, long slots, long count) {
        if (slots != 0 && present) {
            number(slots, SLOT);
        }
        number(count, present ? 1 : 0);
        return withToken == 1 ? Ckr.OK : 0x7;
    }

    long getTokenInfo(long slot, long info) {
        if (slot != SLOT) {
            return Ckr.SLOT_ID_INVALID;
        }
        if (!present) {
            return Ckr.TOKEN_NOT_PRESENT;
        }
        MemorySegment to = at(info, 208);
        to.fill((byte) ' ');
        to.asSlice(0, 5).copyFrom(MemorySegment.ofArray(Octets.utf8("paper").toArray()));
        to.asSlice(80, 2).copyFrom(MemorySegment.ofArray(Octets.utf8("77").toArray()));
        long flags = 0x4 | 0x400;
        flags |= wrong == MOST_WRONG - 1 ? 0x20000 : 0;
        flags |= wrong >= MOST_WRONG ? 0x40000 : 0;
        to.set(JAVA_LONG, 96, flags);
        return Ckr.OK;
    }

    long getMechanismList(long slot, long all, long count) {
        if (all != 0) {
            number(all, Mechanism.ECDSA);
        }
        number(count, 1);
        return slot == SLOT ? Ckr.OK : Ckr.SLOT_ID_INVALID;
    }

    long openSession(long slot, long flags, long application, long notify, long to) {
        if (slot != SLOT || flags != 4) {
            return Ckr.SLOT_ID_INVALID;
        }
        if (!present) {
            return Ckr.TOKEN_NOT_PRESENT;
        }
        session = session + 100;
        active = false;
        number(to, session);
        return Ckr.OK;
    }

    long closeSession(long of) {
        loggedIn = false;
        return gone(of);
    }

    long login(long of, long user, long pin, long length) {
        if (gone(of) != Ckr.OK) {
            return gone(of);
        }
        if (user == Cryptoki.USER && loggedIn) {
            return Ckr.USER_ALREADY_LOGGED_IN;
        }
        shown++;
        if (wrong >= MOST_WRONG) {
            return Ckr.PIN_LOCKED;
        }
        if (!Arrays.equals(at(pin, length).toArray(JAVA_BYTE), Octets.utf8(PIN).toArray())) {
            wrong++;
            return Ckr.PIN_INCORRECT;
        }
        wrong = 0;
        loggedIn = true;
        mayMakeOne = user == Cryptoki.CONTEXT_SPECIFIC;
        return Ckr.OK;
    }

    long getAttributeValue(long of, long object, long template, long count) {
        if (gone(of) != Ckr.OK || count != 1) {
            return gone(of);
        }
        MemorySegment one = at(template, 24);
        byte[] value = value(object, one.get(JAVA_LONG, 0));
        if (value.length == 0) {
            one.set(JAVA_LONG, 16, -1);
            return Ckr.ATTRIBUTE_TYPE_INVALID;
        }
        long to = one.get(JAVA_LONG, 8);
        if (to != 0) {
            MemorySegment.copy(
                    value, 0, at(to, one.get(JAVA_LONG, 16)), JAVA_BYTE, 0, value.length);
        }
        one.set(JAVA_LONG, 16, value.length);
        return Ckr.OK;
    }

    private byte[] value(long object, long type) {
        boolean isPublic = object == PUBLIC;
        if (type == Cka.KEY_TYPE) {
            return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(Cka.EC).array();
        }
        if (type == Cka.EC_PARAMS && isPublic) {
            return Octets.hex("06082a8648ce3d030107").toArray();
        }
        if (type == Cka.EC_POINT && isPublic) {
            byte[] der = ((ECPublicKey) pair.getPublic()).getEncoded();
            byte[] point = Arrays.copyOfRange(der, der.length - 65, der.length);
            return Octets.concat(Octets.of((byte) 4, (byte) 65), Octets.owned(point)).toArray();
        }
        if (type == Cka.ALWAYS_AUTHENTICATE && !isPublic) {
            return new byte[] {(byte) (wantsPinEachTime ? 1 : 0)};
        }
        return new byte[0];
    }

    long findObjectsInit(long of, long template, long count) {
        if (gone(of) != Ckr.OK) {
            return gone(of);
        }
        long type = -1;
        boolean isOne = false;
        for (int i = 0; i < count; i++) {
            MemorySegment one = at(template + 24L * i, 24);
            MemorySegment value = at(one.get(JAVA_LONG, 8), one.get(JAVA_LONG, 16));
            if (one.get(JAVA_LONG, 0) == Cka.CLASS) {
                type = value.get(JAVA_LONG, 0);
            } else if (one.get(JAVA_LONG, 0) == Cka.ID) {
                isOne = value.byteSize() == 1 && value.get(JAVA_BYTE, 0) == 1;
            }
        }
        found.clear();
        if (isOne && type == Cka.PUBLIC_KEY) {
            found.add(PUBLIC);
        } else if (isOne && type == Cka.PRIVATE_KEY && loggedIn) {
            found.add(PRIVATE);
        }
        return Ckr.OK;
    }

    long findObjects(long of, long to, long most, long count) {
        long n = 0;
        while (n < most && !found.isEmpty()) {
            number(to + 8 * n++, found.remove());
        }
        number(count, n);
        return gone(of);
    }

    long findObjectsFinal(long of) {
        return gone(of);
    }

    long signInit(long of, long mechanism, long key) {
        if (gone(of) != Ckr.OK) {
            return gone(of);
        }
        if (active) {
            return Ckr.OPERATION_ACTIVE;
        }
        if (!loggedIn || key != PRIVATE) {
            return Ckr.KEY_HANDLE_INVALID;
        }
        active = at(mechanism, 24).get(JAVA_LONG, 0) == Mechanism.ECDSA;
        mayMakeOne = !wantsPinEachTime;
        return active ? Ckr.OK : 0x70;
    }

    long sign(long of, long data, long length, long to, long room) {
        if (gone(of) != Ckr.OK || signsWith != Ckr.OK) {
            return signsWith != Ckr.OK ? signsWith : gone(of);
        }
        if (!active || !mayMakeOne) {
            return Ckr.USER_NOT_LOGGED_IN;
        }
        active = false;
        signatures++;
        try {
            Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update(at(data, length).toArray(JAVA_BYTE));
            byte[] made = signature.sign();
            MemorySegment.copy(
                    made, 0, at(to, at(room, 8).get(JAVA_LONG, 0)), JAVA_BYTE, 0, made.length);
            number(room, made.length);
            return Ckr.OK;
        } catch (GeneralSecurityException e) {
            return Ckr.DEVICE_ERROR;
        }
    }
}
