package io.sallyport.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.cli.console.Paint;
import io.sallyport.cli.console.Quantity;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.testkit.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusScreenTest {
    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void theScreenIsAsWrittenDown(int width) throws IOException {
        Path golden = Path.of("src/test/resources/io/sallyport/cli/show/status-" + width + ".txt");
        List<String> lines = new StatusScreen(width, Paint.PLAIN).full(Views.status());
        if ("write".equals(System.getProperty("sallyport.golden"))) {
            Files.createDirectories(golden.getParent());
            Files.write(golden, lines);
        }
        assertEquals(Files.readAllLines(golden), lines);
        for (String line : lines) {
            assertTrue(line.length() <= width, line);
        }
    }

    @Test
    void colourChangesNoLetter() {
        List<String> plain = new StatusScreen(100, Paint.PLAIN).full(Views.status());
        List<String> coloured = new StatusScreen(100, Paint.ANSI).full(Views.status());
        assertFalse(plain.equals(coloured));
        assertEquals(
                plain, coloured.stream().map(l -> l.replaceAll("\033\\[[0-9]*m", "")).toList());
    }

    @Test
    void onANarrowTerminalNameAndStateRemain() {
        List<String> lines = new StatusScreen(40, Paint.PLAIN).overview(Views.status());
        assertTrue(lines.get(2).startsWith("TUNNEL   STATE"), lines.get(2));
        assertTrue(lines.stream().skip(2).allMatch(l -> l.length() <= 40), lines.toString());
    }

    @Test
    void aPeersWordsCannotSteerTheTerminal() {
        TunnelView evil =
                Views.withState(
                        Views.connecting(),
                        TunnelState.CONNECTING,
                        "peer says \033]0;owned\007 hi");
        List<String> lines = new StatusScreen(80, Paint.PLAIN).full(Views.statusOf(evil));
        assertTrue(lines.stream().noneMatch(l -> l.indexOf('\033') >= 0 || l.indexOf(7) >= 0));
        assertTrue(lines.contains("  failure  peer says ?]0;owned? hi"), String.join("\n", lines));
    }

    @Test
    void aDaemonWithoutTunnelsHasAScreen() {
        List<String> lines = new StatusScreen(80, Paint.PLAIN).full(Views.statusOf());
        assertEquals(
                List.of(
                        "sallyport 0.1.0, pid 4711, running for 1m 00s: 0 tunnels",
                        "",
                        "all tunnels",
                        "  traffic  in 0 packets 0 B, out 0 packets 0 B"),
                lines);
    }

    @Test
    void aThousandTunnelsAreATableOfAThousandLines() {
        List<TunnelView> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(Views.up());
        }
        List<String> lines =
                new StatusScreen(80, Paint.PLAIN)
                        .overview(Views.statusOf(many.toArray(TunnelView[]::new)));
        assertEquals(1003, lines.size());
    }

    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "59, 59s",
        "60, 1m 00s",
        "3599, 59m 59s",
        "3600, 1h 00m",
        "86399, 23h 59m",
        "86400, 1d 00h",
        "8640000, 100d 00h"
    })
    void durations(long seconds, String text) {
        assertEquals(text, Quantity.duration(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9995, 10.0 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "1234567, 1.23 MB",
        "9223372036854775807, 9.22 EB"
    })
    void octets(long octets, String text) {
        assertEquals(text, Quantity.octets(octets));
    }

    @ParameterizedTest
    @CsvSource({"0.043, 0.04 ms", "9.994, 9.99 ms", "12.34, 12.3 ms", "99.95, 100 ms"})
    void millis(double millis, String text) {
        assertEquals(text, Quantity.millis(millis));
    }
}
