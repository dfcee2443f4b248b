package io.sallyport.drivers.token;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.ffi.cryptoki.Cka;
import io.sallyport.ffi.cryptoki.CryptokiException;
import io.sallyport.ffi.cryptoki.TokenInfo;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.trust.HeldKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tokens behind modules of PKCS#11. A module is loaded when something on it is first asked for,
/// and stays. Any thread.
public final class Pkcs11Tokens implements Tokens, AutoCloseable {
    private final Map<String, TokenModule> modules = new LinkedHashMap<>();
    private final Opening opening;

    /// How a module is opened by its path.
    interface Opening {
        TokenModule open(String path) throws Unread;
    }

    public Pkcs11Tokens() {
        this(TokenModule::open);
    }

    Pkcs11Tokens(Opening opening) {
        this.opening = opening;
    }

    private synchronized TokenModule module(String path) throws Unread {
        TokenModule open = modules.get(path);
        if (open == null) {
            open = opening.open(path);
            modules.put(path, open);
        }
        return open;
    }

    @Override
    public Octets certificate(Place place) throws Unread {
        return first(
                place,
                module ->
                        module.ask(sessions -> {
                            for (TokenInfo token : candidates(sessions, place)) {
                                List<Octets> found =
                                        parts(sessions, token).certificates(place.handle());
                                if (!found.isEmpty()) {
                                    return Optional.of(found.getFirst());
                                }
                            }
                            return Optional.<Octets>empty();
                        }),
                "certificate");
    }

    @Override
    public HeldKey key(Place place, Secret pin) throws Unread {
        return first(
                place,
                module ->
                        module.ask(sessions -> located(sessions, place, pin))
                                .map(at -> new TokenKey(module, place, at)),
                "private key");
    }

    /// What one module has.
    private interface Look<T> {
        Optional<T> in(TokenModule module) throws Unread;
    }

    /// Of several modules, the first that has it; what went wrong with others is told only if none
    /// has.
    private <T> T first(Place place, Look<T> look, String what) throws Unread {
        List<String> troubles = new ArrayList<>();
        for (String path : place.modules()) {
            try {
                Optional<T> found = look.in(module(path));
                if (found.isPresent()) {
                    return found.get();
                }
                troubles.add(
                        "module "
                                + path
                                + ": there is no "
                                + what
                                + " with the CKA_ID "
                                + place.handle().hex()
                                + (place.slot().isPresent()
                                        ? " in slot " + place.slot().getAsLong()
                                        : " on any token"));
            } catch (Unread e) {
                troubles.add(e.why());
            }
        }
        throw new Unread(troubles.isEmpty() ? "no module is known" : String.join("; ", troubles));
    }

    private static PublicParts parts(TokenSessions sessions, TokenInfo token)
            throws CryptokiException {
        return new PublicParts(sessions.cryptoki(), sessions.session(token.slot()));
    }

    private static List<TokenInfo> candidates(TokenSessions sessions, Place place)
            throws CryptokiException, Unread {
        List<TokenInfo> all = sessions.tokens();
        if (place.slot().isEmpty()) {
            return all;
        }
        long slot = place.slot().getAsLong();
        List<TokenInfo> there = all.stream().filter(t -> t.slot() == slot).toList();
        if (there.isEmpty()) {
            sessions.forget(slot);
            throw new Unread(
                    "module " + sessions.path() + ": slot " + slot + ": " + why(sessions, slot));
        }
        return there;
    }

    /// What the module says of a slot in which no token is of use.
    private static String why(TokenSessions sessions, long slot) {
        try {
            return sessions.cryptoki().token(slot) + " is not initialized";
        } catch (CryptokiException e) {
            return e.why();
        }
    }

    /// On the module's thread. Empty if no token has it.
    private static Optional<KeyOnToken> located(TokenSessions sessions, Place place, Secret pin)
            throws CryptokiException, Unread {
        List<TokenInfo> tokens = candidates(sessions, place);
        for (TokenInfo token : tokens) {
            Optional<KeyOnToken> found = on(sessions, token, place.handle());
            if (found.isPresent()) {
                return found;
            }
        }
        Optional<TokenInfo> token =
                pin.length() == 0 ? Optional.empty() : ofPin(sessions, tokens, place);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        sessions.login(token.get(), pin);
        return on(sessions, token.get(), place.handle());
    }

    /// The same key once more, after its token was taken out or its session ended.
    static Optional<KeyOnToken> again(TokenSessions sessions, Place place)
            throws CryptokiException, Unread {
        for (TokenInfo token : candidates(sessions, place)) {
            sessions.loginAgain(token);
            Optional<KeyOnToken> found = on(sessions, token, place.handle());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /// The one token that the PIN is shown to: the only one, or the only one that shows something
    /// with this CKA_ID to everybody. A PIN tried elsewhere would be a wrong one there. Empty if it
    /// may be one of another module.
    private static Optional<TokenInfo> ofPin(
            TokenSessions sessions, List<TokenInfo> tokens, Place place)
            throws CryptokiException, Unread {
        boolean alone = place.modules().size() == 1;
        if (tokens.size() == 1 && alone) {
            return Optional.of(tokens.getFirst());
        }
        List<TokenInfo> likely = new ArrayList<>();
        for (TokenInfo token : tokens) {
            PublicParts parts = parts(sessions, token);
            if (!parts.objects(Cka.PUBLIC_KEY, place.handle()).isEmpty()
                    || !parts.objects(Cka.CERTIFICATE, place.handle()).isEmpty()) {
                likely.add(token);
            }
        }
        if (likely.size() == 1) {
            return Optional.of(likely.getFirst());
        }
        if (tokens.isEmpty() || likely.isEmpty() && !alone) {
            return Optional.empty();
        }
        throw new Unread(
                "module "
                        + sessions.path()
                        + " has "
                        + tokens.size()
                        + " tokens, "
                        + String.join(", ", tokens.stream().map(TokenInfo::toString).toList())
                        + ": say slot, so that the PIN is shown to the right one");
    }

    private static Optional<KeyOnToken> on(TokenSessions sessions, TokenInfo token, Octets id)
            throws CryptokiException, Unread {
        PublicParts parts = parts(sessions, token);
        List<Long> keys = parts.objects(Cka.PRIVATE_KEY, id);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        long key = keys.getFirst();
        Optional<PublicKey> shown = parts.publicKey(key, id);
        if (shown.isEmpty()) {
            throw new Unread(
                    sessions.named(token)
                            + " shows no public key and no certificate beside the private key "
                            + id.hex()
                            + ", or one of another kind than RSA, ECDSA (P-256, P-384, P-521) and"
                            + " Ed25519");
        }
        return Optional.of(
                new KeyOnToken(
                        token,
                        sessions.number(token.slot()),
                        key,
                        shown.get(),
                        parts.certificates(id),
                        Set.copyOf(sessions.cryptoki().mechanisms(token.slot())),
                        parts.isTrue(key, Cka.ALWAYS_AUTHENTICATE)));
    }

    /// Ends all modules.
    @Override
    public synchronized void close() {
        modules.values().forEach(TokenModule::close);
        modules.clear();
    }
}
