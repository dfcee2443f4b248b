package io.sallyport.drivers.token;

import io.sallyport.base.Secret;
import io.sallyport.ffi.cryptoki.Ckr;
import io.sallyport.ffi.cryptoki.Cryptoki;
import io.sallyport.ffi.cryptoki.CryptokiException;
import io.sallyport.ffi.cryptoki.TokenInfo;
import io.sallyport.model.port.Tokens.Unread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The sessions of a module, one with each token: a login lasts as long as one is open. On the
/// module's thread only.
final class TokenSessions {
    /// Of a slot without a token that we could use.
    private static final Set<Long> EMPTY =
            Set.of(
                    Ckr.SLOT_ID_INVALID,
                    Ckr.DEVICE_REMOVED,
                    Ckr.TOKEN_NOT_PRESENT,
                    Ckr.TOKEN_NOT_RECOGNIZED);

    private final String path;
    private final Cryptoki cryptoki;
    private final Map<Long, Open> sessions = new HashMap<>();
    private long opened;

    /// @param number which of all that were opened: a module gives the same handle again
    private record Open(long handle, long number) {}

    /// PINs that a token refused, by its serial number and label.
    private final Map<String, List<Secret>> refused = new HashMap<>();

    /// The PIN that it took, for when it was taken out and comes back.
    private final Map<String, Secret> accepted = new HashMap<>();

    TokenSessions(String path, Cryptoki cryptoki) {
        this.path = path;
        this.cryptoki = cryptoki;
    }

    Cryptoki cryptoki() {
        return cryptoki;
    }

    String path() {
        return path;
    }

    /// Those that are of any use. A module that lost its way (its reader's daemon began anew, its
    /// files were away) is begun anew, too: every session ends then, and keys are found again.
    List<TokenInfo> tokens() throws CryptokiException {
        try {
            return tokens(false);
        } catch (CryptokiException _) {
            sessions.clear();
            begin();
            return tokens(true);
        }
    }

    private void begin() throws CryptokiException {
        try {
            cryptoki.finish();
        } catch (CryptokiException _) {
            // then it has ended already
        }
        cryptoki.initialize();
    }

    /// @param leaving whether a slot that cannot say what is in it is left out
    private List<TokenInfo> tokens(boolean leaving) throws CryptokiException {
        List<TokenInfo> all = new ArrayList<>();
        for (long slot : cryptoki.slots()) {
            try {
                TokenInfo token = cryptoki.token(slot);
                if (token.isInitialized()) {
                    all.add(token);
                }
            } catch (CryptokiException e) {
                if (!leaving && !EMPTY.contains(e.value())) {
                    throw e;
                }
            }
        }
        return all;
    }

    long session(long slot) throws CryptokiException {
        Open open = sessions.get(slot);
        if (open == null) {
            open = new Open(cryptoki.openSession(slot), ++opened);
            sessions.put(slot, open);
        }
        return open.handle();
    }

    /// The number of the session with `slot`; 0: there is none. Handles of objects are those of one
    /// session: in another they may be another key's.
    long number(long slot) {
        Open open = sessions.get(slot);
        return open == null ? 0 : open.number();
    }

    /// A session of no more use, or one whose token was taken out.
    void forget(long slot) {
        Open open = sessions.remove(slot);
        if (open != null) {
            try {
                cryptoki.closeSession(open.handle());
            } catch (CryptokiException _) {
                // it went with its token
            }
        }
    }

    /// The person's login, if the token wants one and nobody is logged in. A PIN is shown to a
    /// token once: if it is refused, not again, and never where one more wrong one locks it.
    ///
    /// @param pin not empty
    void login(TokenInfo token, Secret pin) throws CryptokiException, Unread {
        if (!token.wantsLogin()) {
            return;
        }
        if (token.hasKeypad()) {
            throw new Unread(
                    named(token) + " wants its PIN by its own keypad, where a gateway has nobody");
        }
        guard(token, pin);
        try {
            cryptoki.login(session(token.slot()), Cryptoki.USER, pin);
            accepted(token, pin);
        } catch (CryptokiException e) {
            if (e.value() != Ckr.USER_ALREADY_LOGGED_IN) {
                throw failed(token, pin, e);
            }
        }
    }

    private void accepted(TokenInfo token, Secret pin) {
        // Whoever knows the PIN may have changed it: what was refused once may be right again
        refused.getOrDefault(key(token), List.of()).forEach(Secret::close);
        refused.remove(key(token));
        Secret before = accepted.put(key(token), pin.copy());
        if (before != null) {
            before.close();
        }
    }

    /// Logs in by the PIN that the token took before; without one it is left as it is.
    void loginAgain(TokenInfo token) throws CryptokiException, Unread {
        Secret pin = accepted.get(key(token));
        if (pin != null) {
            try (Secret mine = pin.copy()) {
                login(token, mine);
            }
        }
    }

    /// Once more, for one signature by a key that wants it (`CKA_ALWAYS_AUTHENTICATE`).
    void loginForOne(TokenInfo token, long session) throws CryptokiException, Unread {
        Secret pin = accepted.getOrDefault(key(token), Secret.EMPTY);
        guard(token, pin);
        try {
            cryptoki.login(session, Cryptoki.CONTEXT_SPECIFIC, pin);
        } catch (CryptokiException e) {
            throw failed(token, pin, e);
        }
    }

    private void guard(TokenInfo token, Secret pin) throws Unread {
        if (token.isLocked()) {
            throw new Unread(
                    named(token) + " is locked after too many wrong PINs (CKF_USER_PIN_LOCKED)");
        }
        if (refused.getOrDefault(key(token), List.of()).contains(pin)) {
            throw new Unread(
                    named(token)
                            + " refused this PIN before (CKR_PIN_INCORRECT): it is not tried again,"
                            + " lest the token lock itself; say another one");
        }
        if (token.isAtLastTry()) {
            throw new Unread(
                    named(token)
                            + " locks itself at one more wrong PIN (CKF_USER_PIN_FINAL_TRY), so none"
                            + " is tried: log in by hand once, e.g. pkcs11-tool --login");
        }
    }

    private CryptokiException failed(TokenInfo token, Secret pin, CryptokiException e)
            throws Unread {
        if (e.value() == Ckr.PIN_INCORRECT
                || e.value() == Ckr.PIN_INVALID
                || e.value() == Ckr.PIN_LEN_RANGE) {
            refused.computeIfAbsent(key(token), _ -> new ArrayList<>()).add(pin.copy());
            throw new Unread(
                    named(token) + " refuses the PIN (" + e.why() + "); it is not tried again");
        }
        return e;
    }

    private static String key(TokenInfo token) {
        return token.serial() + " " + token.label();
    }

    String named(TokenInfo token) {
        return "module " + path + ": " + token;
    }

    /// Ends every session, which logs out, and the module.
    void end() throws CryptokiException {
        for (long slot : List.copyOf(sessions.keySet())) {
            forget(slot);
        }
        refused.values().forEach(pins -> pins.forEach(Secret::close));
        refused.clear();
        accepted.values().forEach(Secret::close);
        accepted.clear();
        cryptoki.finish();
    }
}
