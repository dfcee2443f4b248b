package io.sallyport.ffi.cryptoki;

import java.util.Map;

/// What functions return (PKCS#11 v2.40, 5.1), by the names that the standard gives.
public final class Ckr {
    public static final long OK = 0x0;
    public static final long SLOT_ID_INVALID = 0x3;
    public static final long DEVICE_ERROR = 0x30;
    public static final long DEVICE_REMOVED = 0x32;
    public static final long ATTRIBUTE_SENSITIVE = 0x11;
    public static final long ATTRIBUTE_TYPE_INVALID = 0x12;
    public static final long KEY_HANDLE_INVALID = 0x60;
    public static final long OBJECT_HANDLE_INVALID = 0x82;
    public static final long OPERATION_ACTIVE = 0x90;
    public static final long PIN_INCORRECT = 0xA0;
    public static final long PIN_INVALID = 0xA1;
    public static final long PIN_LEN_RANGE = 0xA2;
    public static final long PIN_LOCKED = 0xA4;
    public static final long SESSION_CLOSED = 0xB0;
    public static final long SESSION_HANDLE_INVALID = 0xB3;
    public static final long TOKEN_NOT_PRESENT = 0xE0;
    public static final long TOKEN_NOT_RECOGNIZED = 0xE1;
    public static final long USER_ALREADY_LOGGED_IN = 0x100;
    public static final long USER_NOT_LOGGED_IN = 0x101;
    public static final long CRYPTOKI_NOT_INITIALIZED = 0x190;
    public static final long CRYPTOKI_ALREADY_INITIALIZED = 0x191;

    private static final Map<Long, String> NAMES =
            Map.ofEntries(
                    Map.entry(0x1L, "CANCEL"),
                    Map.entry(0x2L, "HOST_MEMORY"),
                    Map.entry(SLOT_ID_INVALID, "SLOT_ID_INVALID"),
                    Map.entry(0x5L, "GENERAL_ERROR"),
                    Map.entry(0x6L, "FUNCTION_FAILED"),
                    Map.entry(0x7L, "ARGUMENTS_BAD"),
                    Map.entry(0xAL, "CANT_LOCK"),
                    Map.entry(0x10L, "ATTRIBUTE_READ_ONLY"),
                    Map.entry(ATTRIBUTE_SENSITIVE, "ATTRIBUTE_SENSITIVE"),
                    Map.entry(ATTRIBUTE_TYPE_INVALID, "ATTRIBUTE_TYPE_INVALID"),
                    Map.entry(0x13L, "ATTRIBUTE_VALUE_INVALID"),
                    Map.entry(0x20L, "DATA_INVALID"),
                    Map.entry(0x21L, "DATA_LEN_RANGE"),
                    Map.entry(DEVICE_ERROR, "DEVICE_ERROR"),
                    Map.entry(0x31L, "DEVICE_MEMORY"),
                    Map.entry(DEVICE_REMOVED, "DEVICE_REMOVED"),
                    Map.entry(0x50L, "FUNCTION_CANCELED"),
                    Map.entry(0x54L, "FUNCTION_NOT_SUPPORTED"),
                    Map.entry(KEY_HANDLE_INVALID, "KEY_HANDLE_INVALID"),
                    Map.entry(0x62L, "KEY_SIZE_RANGE"),
                    Map.entry(0x63L, "KEY_TYPE_INCONSISTENT"),
                    Map.entry(0x68L, "KEY_FUNCTION_NOT_PERMITTED"),
                    Map.entry(0x70L, "MECHANISM_INVALID"),
                    Map.entry(0x71L, "MECHANISM_PARAM_INVALID"),
                    Map.entry(OBJECT_HANDLE_INVALID, "OBJECT_HANDLE_INVALID"),
                    Map.entry(OPERATION_ACTIVE, "OPERATION_ACTIVE"),
                    Map.entry(0x91L, "OPERATION_NOT_INITIALIZED"),
                    Map.entry(PIN_INCORRECT, "PIN_INCORRECT"),
                    Map.entry(PIN_INVALID, "PIN_INVALID"),
                    Map.entry(PIN_LEN_RANGE, "PIN_LEN_RANGE"),
                    Map.entry(0xA3L, "PIN_EXPIRED"),
                    Map.entry(PIN_LOCKED, "PIN_LOCKED"),
                    Map.entry(SESSION_CLOSED, "SESSION_CLOSED"),
                    Map.entry(0xB1L, "SESSION_COUNT"),
                    Map.entry(SESSION_HANDLE_INVALID, "SESSION_HANDLE_INVALID"),
                    Map.entry(0xB4L, "SESSION_PARALLEL_NOT_SUPPORTED"),
                    Map.entry(TOKEN_NOT_PRESENT, "TOKEN_NOT_PRESENT"),
                    Map.entry(TOKEN_NOT_RECOGNIZED, "TOKEN_NOT_RECOGNIZED"),
                    Map.entry(USER_ALREADY_LOGGED_IN, "USER_ALREADY_LOGGED_IN"),
                    Map.entry(USER_NOT_LOGGED_IN, "USER_NOT_LOGGED_IN"),
                    Map.entry(0x102L, "USER_PIN_NOT_INITIALIZED"),
                    Map.entry(0x103L, "USER_TYPE_INVALID"),
                    Map.entry(0x104L, "USER_ANOTHER_ALREADY_LOGGED_IN"),
                    Map.entry(0x150L, "BUFFER_TOO_SMALL"),
                    Map.entry(CRYPTOKI_NOT_INITIALIZED, "CRYPTOKI_NOT_INITIALIZED"),
                    Map.entry(CRYPTOKI_ALREADY_INITIALIZED, "CRYPTOKI_ALREADY_INITIALIZED"));

    private Ckr() {}

    /// `CKR_PIN_INCORRECT`; a number for what the standard does not name.
    public static String name(long value) {
        String known = NAMES.get(value);
        return "CKR_" + (known != null ? known : "0x" + Long.toHexString(value));
    }
}
