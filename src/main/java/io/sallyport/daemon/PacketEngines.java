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
        if (!jceOnly()) {
            IpsecMbEngine.find().ifPresent(engines::add);
        }
        engines.add(new JceEngine());
        return engines;
    }

    static boolean jceOnly() {
        return "jce".equals(System.getProperty(PROPERTY));
    }

    /// The name of an engine without what it says about its version.
    static String name(String full) {
        int blank = full.indexOf(' ');
        return blank < 0 ? full : full.substring(0, blank);
    }
}
