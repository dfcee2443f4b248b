package io.sallyport.testkit;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.jce.signature.JceSignatures;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.trust.HeldKey;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A token in memory, behind whatever module is asked for.
public final class MemoryTokens implements Tokens {
    public static final String PIN = "271828";

    private final Map<Octets, KeyPair> pairs = new HashMap<>();
    private final Map<Octets, Octets> certificates = new HashMap<>();

    /// What it was asked for last.
    public Optional<Place> asked = Optional.empty();

    public boolean gone;

    public MemoryTokens holds(String handle, KeyPair pair) {
        pairs.put(Octets.hex(handle), pair);
        return this;
    }

    /// @param der of a certificate
    public MemoryTokens shows(String handle, Octets der) {
        certificates.put(Octets.hex(handle), der);
        return this;
    }

    @Override
    public Octets certificate(Place place) throws Unread {
        asked = Optional.of(place);
        Octets found = certificates.get(place.handle());
        if (gone || found == null) {
            throw new Unread("no certificate " + place.handle().hex());
        }
        return found;
    }

    @Override
    public HeldKey key(Place place, Secret pin) throws Unread {
        asked = Optional.of(place);
        KeyPair found = pairs.get(place.handle());
        if (gone || found == null) {
            throw new Unread("no private key " + place.handle().hex());
        }
        if (!pin.equals(Secret.utf8(PIN))) {
            throw new Unread("slot 1 refuses the PIN (C_Login: CKR_PIN_INCORRECT)");
        }
        return new Held(place, found);
    }

    private final class Held implements HeldKey {
        private final Place place;
        private final KeyPair pair;

        Held(Place place, KeyPair pair) {
            this.place = place;
            this.pair = pair;
        }

        @Override
        public PublicKey publicKey() {
            return pair.getPublic();
        }

        @Override
        public List<Octets> certificates() {
            Octets beside = certificates.get(place.handle());
            return beside == null ? List.of() : List.of(beside);
        }

        /// It has never heard of PSS.
        @Override
        public boolean signsBy(SignatureScheme scheme) {
            return scheme.fits(publicKey()) && scheme.kind() != SignatureScheme.Kind.RSA_PSS;
        }

        @Override
        public Octets sign(SignatureScheme scheme, Octets data) throws CannotSign {
            if (gone) {
                throw new CannotSign("slot 1: C_SignInit: CKR_TOKEN_NOT_PRESENT");
            }
            return new JceSignatures(scheme).sign(pair.getPrivate(), data);
        }
    }
}
