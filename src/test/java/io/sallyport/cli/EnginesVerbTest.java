package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.Exit;
import io.sallyport.control.view.EngineView;
import io.sallyport.control.view.EnginesView;
import io.sallyport.control.view.SuiteSpeedView;
import io.sallyport.control.view.SuiteSpeedView.Measured;
import io.sallyport.testkit.TestConsole;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a person sees of the engines.
class EnginesVerbTest {
    private final TestConsole console = new TestConsole();

    private int sallyport(String... words) {
        return new CommandShell(new CommandTree("0.1.0"), console.console()).execute(words);
    }

    private static EngineView engine(String name, String version) {
        return new EngineView(
                name,
                version,
                List.of("aes128", "aes256"),
                List.of("sha1"),
                List.of(),
                List.of(),
                List.of());
    }

    private static EnginesView two(List<String> refused) {
        return new EnginesView(
                List.of(engine("ipsec-mb", "1.3.0 avx512"), engine("jce", "Java 25")),
                List.of(
                        new SuiteSpeedView(
                                "aes128-sha1",
                                "ipsec-mb",
                                List.of(
                                        new Measured("ipsec-mb", 64, 32, 91, 90),
                                        new Measured("ipsec-mb", 1420, 32, 350, 340),
                                        new Measured("jce", 64, 32, 325, 300),
                                        new Measured("jce", 1420, 32, 1870, 1139)))),
                refused,
                List.of());
    }

    @Test
    void showsWhoServesWhatAndHowFast() {
        console.enginesView = two(List.of());
        assertEquals(0, sallyport("engines"), console.err());
        assertEquals(
                """
                ipsec-mb  1.3.0 avx512
                  ciphers  aes128, aes256
                  integrity sha1
                jce  Java 25
                  ciphers  aes128, aes256
                  integrity sha1

                SUITE        ENGINE      SEAL 64  OPEN 64  SEAL 1420  OPEN 1420
                aes128-sha1  * ipsec-mb       91       90        350        340
                               jce           325      300       1870       1139

                Nanoseconds a packet on one core, the best of a short measurement.
                * serves the suite; runs of few packets are left to jce where it is quicker.
                """,
                console.out());
        assertEquals(
                List.of("engines EnginesRequest[milliseconds=120, proveAll=false]"),
                console.launched);
    }

    @Test
    void aWrongAnswerIsToldAndFailsTheProof() {
        console.enginesView = two(List.of("ipsec-mb is not trusted with aes128: wrong answer"));
        assertEquals(Exit.NO.code(), sallyport("engines", "--list", "--prove"));
        assertTrue(
                console.out()
                        .contains("Refused: ipsec-mb is not trusted with aes128: wrong answer"),
                console.out());
        assertEquals(
                List.of("engines EnginesRequest[milliseconds=0, proveAll=true]"), console.launched);
    }

    @Test
    void saysHowToGetAQuickerEngine() {
        console.enginesView =
                new EnginesView(
                        List.of(engine("jce", "Java 25")),
                        List.of(),
                        List.of(),
                        List.of("Debian: apt install libipsec-mb1"));
        assertEquals(0, sallyport("engines"));
        assertTrue(console.out().endsWith("\n\nDebian: apt install libipsec-mb1\n"), console.out());
    }

    @Test
    void jsonHasEveryField() {
        console.enginesView = two(List.of());
        assertEquals(0, sallyport("engines", "--json", "--milliseconds", "5"));
        for (String field :
                List.of("servedBy", "sealNanos", "openNanos", "refused", "hint", "signatures")) {
            assertTrue(console.out().contains("\"" + field + "\""), console.out());
        }
        assertEquals(
                List.of("engines EnginesRequest[milliseconds=5, proveAll=false]"),
                console.launched);
    }
}
