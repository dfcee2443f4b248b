package io.sallyport.crypto.choose;

import io.sallyport.crypto.engine.CryptoEngine;
import java.util.List;

/// Chooses which engine runs which algorithm: the first one, in order of preference, that offers it
/// and gives its known answers.
///
/// The known answers are asked for when an algorithm is first wanted, and only once. Asking for all
/// at start would cost more than half a second, most of it for the long MODP primes that few
/// configurations name; what a configuration names is wanted when it is loaded, so that a bad
/// engine shows up before the first packet all the same.
public final class EngineChooser {
    private EngineChooser() {}

    /// @param engines in order of preference
    public static Crypto choose(List<CryptoEngine> engines) {
        return new Crypto(engines);
    }

    public static Crypto choose(CryptoEngine... engines) {
        return choose(List.of(engines));
    }
}
