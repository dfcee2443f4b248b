package io.sallyport.creds.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The one key that an end shows itself by.
final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final PrivateKey key;
    private final X509Certificate[] chain;

    OneKey(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain.toArray(X509Certificate[]::new);
    }

    /// @param type JSSE's word for an algorithm, perhaps with that of the issuer's after it
    private boolean is(String type) {
        String algorithm = key.getAlgorithm().toUpperCase(Locale.ROOT);
        return type.split("_", 2)[0]
                .toUpperCase(Locale.ROOT)
                .equals(algorithm.startsWith("ED") ? "EDDSA" : algorithm);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal[] issuers, SSLEngine engine) {
        for (String type : types) {
            if (is(type)) {
                return ALIAS;
            }
        }
        return null; // JSSE: there is none
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal[] issuers, SSLEngine engine) {
        return is(type) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return null; // JSSE: there is none
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null; // JSSE: there is none
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return alias.equals(ALIAS) ? chain.clone() : new X509Certificate[0];
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }
}
