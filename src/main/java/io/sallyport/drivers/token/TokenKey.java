package io.sallyport.drivers.token;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.jce.signature.EcdsaForm;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.SignatureScheme.Kind;
import io.sallyport.drivers.token.SigningWays.Way;
import io.sallyport.ffi.cryptoki.Ckr;
import io.sallyport.ffi.cryptoki.Cryptoki;
import io.sallyport.ffi.cryptoki.CryptokiException;
import io.sallyport.ffi.cryptoki.TokenInfo;
import io.sallyport.model.port.Tokens.Place;
import io.sallyport.model.port.Tokens.Unread;
import io.sallyport.model.trust.HeldKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;

/// Signs on the thread of its module. A token that was taken out and is back is found again, by the
/// PIN that it took before; it must still hold the same key.
final class TokenKey implements HeldKey {
    /// After these the session, or the key's handle in it, is of no more use.
    private static final Set<Long> LOST =
            Set.of(
                    Ckr.SLOT_ID_INVALID,
                    Ckr.DEVICE_ERROR,
                    Ckr.DEVICE_REMOVED,
                    Ckr.KEY_HANDLE_INVALID,
                    Ckr.OBJECT_HANDLE_INVALID,
                    Ckr.OPERATION_ACTIVE,
                    Ckr.SESSION_CLOSED,
                    Ckr.SESSION_HANDLE_INVALID,
                    Ckr.TOKEN_NOT_PRESENT,
                    Ckr.TOKEN_NOT_RECOGNIZED,
                    Ckr.USER_NOT_LOGGED_IN,
                    Ckr.CRYPTOKI_NOT_INITIALIZED);

    private final TokenModule module;
    private final Place place;
    private volatile KeyOnToken at;

    TokenKey(TokenModule module, Place place, KeyOnToken at) {
        this.module = module;
        // what is found again is looked for where it was, and in no other module
        this.place = new Place(List.of(module.path()), place.slot(), place.handle());
        this.at = at;
    }

    @Override
    public PublicKey publicKey() {
        return at.publicKey();
    }

    @Override
    public List<Octets> certificates() {
        return at.certificates();
    }

    @Override
    public boolean signsBy(SignatureScheme scheme) {
        return scheme.fits(publicKey()) && SigningWays.of(scheme, at.mechanisms()).isPresent();
    }

    @Override
    public Octets sign(SignatureScheme scheme, Octets data) throws CannotSign {
        Way way =
                SigningWays.of(scheme, at.mechanisms())
                        .filter(_ -> scheme.fits(publicKey()))
                        .orElseThrow(() ->
                                new CannotSign(at.token() + " makes no signatures by " + scheme));
        Octets given = SigningWays.given(way.given(), scheme, publicKey(), data);
        try {
            return shaped(scheme, module.ask(sessions -> signed(sessions, way, given)));
        } catch (Unread e) {
            throw new CannotSign(e.why());
        }
    }

    /// On the module's thread.
    private Octets signed(TokenSessions sessions, Way way, Octets given)
            throws CryptokiException, Unread {
        if (sessions.number(at.token().slot()) != at.session()) {
            at = found(sessions, "its session has ended");
        }
        try {
            return once(sessions, way, given);
        } catch (CryptokiException e) {
            if (!LOST.contains(e.value())) {
                throw new Unread(sessions.named(at.token()) + ": " + e.why());
            }
            at = found(sessions, e.why());
        }
        return once(sessions, way, given);
    }

    private Octets once(TokenSessions sessions, Way way, Octets given)
            throws CryptokiException, Unread {
        KeyOnToken key = at;
        Cryptoki cryptoki = sessions.cryptoki();
        long session = sessions.session(key.token().slot());
        cryptoki.signInit(session, way.mechanism(), key.object());
        if (key.wantsPin()) {
            sessions.loginForOne(key.token(), session);
        }
        return cryptoki.sign(session, given);
    }

    private KeyOnToken found(TokenSessions sessions, String lost) throws Unread {
        TokenInfo token = at.token();
        if (sessions.number(token.slot()) == at.session()) {
            sessions.forget(token.slot());
        }
        String trouble = sessions.named(token) + ": " + lost;
        KeyOnToken again;
        try {
            again =
                    Pkcs11Tokens.again(sessions, place)
                            .orElseThrow(() -> new Unread(trouble + ", and the key is gone"));
        } catch (CryptokiException e) {
            throw new Unread(trouble + ", then " + e.why());
        }
        if (!again.publicKey().equals(publicKey())) {
            throw new Unread(trouble + ", and now there is another key in its place");
        }
        return again;
    }

    /// Checks the length, and writes ECDSA as the scheme has it: a token gives r and s one behind
    /// the other (PKCS#11 v2.40, 2.3.1).
    private Octets shaped(SignatureScheme scheme, Octets signature) throws CannotSign {
        int expected =
                switch (publicKey()) {
                    case RSAPublicKey rsa -> (rsa.getModulus().bitLength() + 7) / 8;
                    case ECPublicKey ec -> 2 * EcdsaForm.orderOctets(ec);
                    default -> 64;
                };
        if (signature.length() != expected) {
            throw new CannotSign(
                    at.token()
                            + " made a signature of "
                            + signature.length()
                            + " octets in place of "
                            + expected);
        }
        return scheme.kind() == Kind.ECDSA ? EcdsaForm.toDer(signature) : signature;
    }

    /// Whose it is, and where.
    @Override
    public String toString() {
        return "the key " + place.handle().hex() + " in " + at.token();
    }
}
