package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.trust.HeldKey;
import java.util.List;
import java.util.OptionalLong;

/// What configurations name on tokens, by the modules that they give names to. Waits.
public final class OnTokens {
    /// Nothing is on any token.
    public static final OnTokens NONE = new OnTokens(Tokens.NONE, List.of());

    private final Tokens tokens;
    private final List<ModuleSpec> modules;

    public OnTokens(Tokens tokens, List<ModuleSpec> modules) {
        this.tokens = tokens;
        this.modules = List.copyOf(modules);
    }

    /// @param pin empty: none
    public HeldKey key(KeySource.Token at, Secret pin) throws BadCredential {
        try {
            return tokens.key(place(at), pin);
        } catch (Tokens.Unread e) {
            throw new BadCredential(e.why());
        }
    }

    /// In DER.
    public Octets certificate(KeySource.Token at) throws BadCredential {
        try {
            return tokens.certificate(place(at));
        } catch (Tokens.Unread e) {
            throw new BadCredential(e.why());
        }
    }

    private Tokens.Place place(KeySource.Token at) throws BadCredential {
        return new Tokens.Place(
                paths(at.module()),
                at.slot().isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(at.slot())),
                Octets.hex(at.handle()));
    }

    private List<String> paths(String module) throws BadCredential {
        if (module.startsWith("/")) {
            return List.of(module);
        }
        List<String> named =
                modules.stream()
                        .filter(m -> module.isEmpty() || m.name().equals(module))
                        .map(ModuleSpec::path)
                        .distinct()
                        .toList();
        if (!named.isEmpty()) {
            return named;
        }
        throw new BadCredential(
                (module.isEmpty() ? "no module is named" : "no module is called '" + module + "'")
                        + ": say module = /path/of/its/library, or give it a name in a section"
                        + " pkcs11 of swanctl.conf");
    }
}
