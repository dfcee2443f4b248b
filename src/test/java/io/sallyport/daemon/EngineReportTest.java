package io.sallyport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.EnginesRequest;
import io.sallyport.control.view.EngineView;
import io.sallyport.control.view.EnginesView;
import io.sallyport.control.view.SuiteSpeedView;
import io.sallyport.crypto.ipsecmb.IpsecMbEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The engines of the machine that runs the tests.
class EngineReportTest {
    @Test
    void jceIsAlwaysThereAndTheLibraryIfItIsInstalled() {
        EnginesView view = EngineReport.of(new EnginesRequest(1, false));
        EngineView jce = view.engines().getLast();
        assertEquals("jce", jce.name());
        assertTrue(jce.ciphers().containsAll(List.of("aes256gcm16", "aes128", "null")));
        assertTrue(jce.signatures().contains("rsa-sha256"));
        boolean library = IpsecMbEngine.find().isPresent();
        assertEquals(library ? 2 : 1, view.engines().size());
        assertEquals(library, view.hint().isEmpty(), "who lacks it is told how to get it");
        SuiteSpeedView gcm = view.suites().getFirst();
        assertEquals("aes128gcm16", gcm.suite());
        assertEquals(library ? "ipsec-mb" : "jce", gcm.servedBy());
        // Two sizes for each engine that has the suite
        assertEquals(view.engines().size() * 2, gcm.measured().size());
        assertTrue(gcm.measured().stream().allMatch(m -> m.sealNanos() > 0 && m.openNanos() > 0));
        assertEquals(List.of(), view.refused());
    }
}
