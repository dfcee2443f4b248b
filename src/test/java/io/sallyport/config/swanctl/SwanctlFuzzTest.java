package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.config.render.SwanctlText;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Whatever stands in a file, it is read to findings: no exception, no endless work.
class SwanctlFuzzTest {
    private static final String[] PIECES = {
        "{",
        "}",
        "=",
        ":",
        ",",
        "\"",
        "\\",
        "#",
        "\n",
        "include *\n",
        "connections {",
        "a : a {",
        "%any",
        "0x",
        "-",
        "[",
        "]",
        "/",
        "%unique",
        "99999999999999999999",
        "\u0000",
        "é",
        " = ",
    };

    @Test
    void brokenFilesAreTold() {
        Random random = new Random(20_261_121);
        for (int round = 0; round < 1500; round++) {
            StringBuilder text = new StringBuilder(Swanctl.RICH);
            int changes = 1 + random.nextInt(6);
            for (int i = 0; i < changes; i++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                    case 2 -> text.setCharAt(at, (char) random.nextInt(0x180));
                    default ->
                            text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
                }
            }
            Swanctl read = Swanctl.read(text.toString());
            Swanctl.read(SwanctlText.render(read.spec(), true));
        }
    }

    @Test
    void nestingInheritanceAndSizeHaveLimits() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    assertTrue(
                            Swanctl.read("a {".repeat(100_000)).findings().stream()
                                    .anyMatch(f -> f.contains("nested deeper than")));
                    StringBuilder bomb = new StringBuilder("s0 { a = 1 }\n");
                    for (int i = 1; i < 40; i++) {
                        bomb.append("s" + i + " { x : s" + (i - 1) + " {}\n y : s" + (i - 1))
                                .append(" {} }\n");
                    }
                    assertTrue(
                            Swanctl.read(bomb.toString()).findings().stream()
                                    .anyMatch(f -> f.contains("inherit more than")));
                    assertTrue(
                            Swanctl.read("a = 1\n".repeat(200_000)).findings().stream()
                                    .anyMatch(f -> f.contains("more than 100000")));
                });
    }
}
