package io.sallyport.ffi.cryptoki;

/// What a token says of itself (`CK_TOKEN_INFO`).
public record TokenInfo(long slot, String label, String serial, long flags) {
    private static final long LOGIN_REQUIRED = 0x4;
    private static final long PROTECTED_AUTHENTICATION_PATH = 0x100;
    private static final long TOKEN_INITIALIZED = 0x400;
    private static final long USER_PIN_FINAL_TRY = 0x20000;
    private static final long USER_PIN_LOCKED = 0x40000;

    public boolean wantsLogin() {
        return is(LOGIN_REQUIRED);
    }

    /// Its PIN is typed at the reader, or what stands for it.
    public boolean hasKeypad() {
        return is(PROTECTED_AUTHENTICATION_PATH);
    }

    public boolean isInitialized() {
        return is(TOKEN_INITIALIZED);
    }

    /// One more wrong PIN locks it.
    public boolean isAtLastTry() {
        return is(USER_PIN_FINAL_TRY);
    }

    public boolean isLocked() {
        return is(USER_PIN_LOCKED);
    }

    private boolean is(long flag) {
        return (flags & flag) != 0;
    }

    /// As messages call it: `slot 5 (token 'lab')`.
    @Override
    public String toString() {
        return "slot " + slot + " (token '" + label + "')";
    }
}
