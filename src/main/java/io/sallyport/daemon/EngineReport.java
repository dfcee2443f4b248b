package io.sallyport.daemon;

import io.sallyport.control.local.EnginesRequest;
import io.sallyport.control.view.EngineView;
import io.sallyport.control.view.EnginesView;
import io.sallyport.control.view.SuiteSpeedView;
import io.sallyport.control.view.SuiteSpeedView.Measured;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.choose.Finding;
import io.sallyport.crypto.choose.Speed;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.ipsecmb.IpsecMbEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.crypto.suite.SignatureScheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// What the engines of this machine have and how fast they are.
final class EngineReport {
    private static final int RUN = 32;
    private static final int[] SIZES = {64, 1420};

    private EngineReport() {}

    /// The suites that people ask for most.
    private static List<EspSuite> measuredSuites() {
        return List.of(
                suite(Encryption.AES_GCM_16, 128, Integrity.NONE),
                suite(Encryption.AES_GCM_16, 256, Integrity.NONE),
                suite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE),
                suite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96),
                suite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA2_256_128),
                suite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128),
                suite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_512_256),
                suite(Encryption.AES_CTR, 128, Integrity.HMAC_SHA2_256_128));
    }

    private static EspSuite suite(Encryption encryption, int bits, Integrity integrity) {
        return new EspSuite(Cipher.of(encryption, bits), integrity, Group.NONE, false);
    }

    static EnginesView of(EnginesRequest request) {
        List<CryptoEngine> engines = PacketEngines.found();
        Crypto crypto = EngineChooser.choose(engines);
        List<SuiteSpeedView> suites = new ArrayList<>();
        for (EspSuite suite : measuredSuites()) {
            crypto.engineOf(suite)
                    .ifPresent(served ->
                            suites.add(
                                    new SuiteSpeedView(
                                            suite.toString(),
                                            PacketEngines.name(served),
                                            measure(engines, suite, request))));
        }
        List<Finding> refused = request.proveAll() ? crypto.proveAll() : crypto.findings();
        return new EnginesView(
                engines.stream().map(EngineReport::view).toList(),
                suites,
                refused.stream().map(Finding::toString).toList(),
                hint(engines));
    }

    private static List<Measured> measure(
            List<CryptoEngine> engines, EspSuite suite, EnginesRequest request) {
        List<Measured> measured = new ArrayList<>();
        if (request.milliseconds() == 0) {
            return measured;
        }
        for (CryptoEngine engine : engines) {
            if (!engine.offers(suite)) {
                continue;
            }
            for (int octets : SIZES) {
                Speed speed =
                        Speed.measure(
                                engine,
                                suite,
                                octets,
                                RUN,
                                request.milliseconds() * 1_000_000L,
                                System::nanoTime);
                measured.add(
                        new Measured(
                                PacketEngines.name(engine.name()),
                                octets,
                                RUN,
                                Math.round(speed.sealNanos()),
                                Math.round(speed.openNanos())));
            }
        }
        return measured;
    }

    private static EngineView view(CryptoEngine engine) {
        String name = PacketEngines.name(engine.name());
        String version = engine.name().substring(name.length()).strip();
        List<String> ciphers = new ArrayList<>();
        for (Encryption encryption : Encryption.values()) {
            for (int bits : encryption.keyBits()) {
                Cipher cipher = Cipher.of(encryption, bits);
                if (anyIntegrity(i -> offers(engine, cipher, i))) {
                    ciphers.add(cipher.toString());
                }
            }
        }
        Cipher none = Cipher.of(Encryption.NULL);
        return new EngineView(
                name,
                version.isEmpty() ? "Java " + Runtime.version() : version,
                ciphers,
                words(Integrity.values(), i -> i != Integrity.NONE && offers(engine, none, i)),
                words(Prf.values(), engine::offers),
                words(Group.values(), engine::offers),
                words(SignatureScheme.values(), engine::offers));
    }

    private static boolean anyIntegrity(Predicate<Integrity> offered) {
        return Arrays.stream(Integrity.values()).anyMatch(offered);
    }

    private static boolean offers(CryptoEngine engine, Cipher cipher, Integrity integrity) {
        return cipher.encryption().isAead() == (integrity == Integrity.NONE)
                && engine.offers(new EspSuite(cipher, integrity, Group.NONE, false));
    }

    private static <T> List<String> words(T[] all, Predicate<T> offered) {
        return Arrays.stream(all).filter(offered).map(Object::toString).toList();
    }

    private static List<String> hint(List<CryptoEngine> engines) {
        if (engines.size() > 1) {
            return List.of();
        }
        if (PacketEngines.jceOnly()) {
            return List.of(
                    "Other engines than jce are switched off by -D"
                            + PacketEngines.PROPERTY
                            + "=jce.");
        }
        return IpsecMbEngine.find().isPresent()
                ? List.of()
                : List.of(
                        "libIPSec_MB was not found: with it AES takes a fraction of the time.",
                        "Debian, Ubuntu: apt install libipsec-mb1 (or libipsec-mb2); Fedora:",
                        "dnf install intel-ipsec-mb. It is used from the daemon's next start on;",
                        "x86-64 only, versions 1.0 to 2.0, bursts for CBC with 1.3.");
    }
}
