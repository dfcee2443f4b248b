package io.sallyport.ike;

import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import java.util.List;

/// The real engine, checked once for all dialogues.
public final class TestCrypto {
    public static final Crypto CRYPTO = EngineChooser.choose(List.of(new JceEngine()));

    private TestCrypto() {}
}
