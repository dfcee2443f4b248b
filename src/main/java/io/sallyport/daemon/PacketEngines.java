package io.sallyport.daemon;

import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.ipsecmb.IpsecMbEngine;
import io.sallyport.crypto.jce.JceEngine;
import java.util.ArrayList;
import java.util.List;

/// The crypto engines of this machine, the fastest first; JCE is always there.
final class PacketEngines {
    /// `jce`: no other engine, e.g. to compare.
    static final String PROPERTY = "sallyport.engines";

    private PacketEngines() {}

    static List<CryptoEngine> found() {
        List<CryptoEngine> engines = new ArrayList<>();
        if (!"jce".equals(System.getProperty(PROPERTY))) {
            IpsecMbEngine.find().ifPresent(engines::add);
        }
        engines.add(new JceEngine());
        return engines;
    }
}
