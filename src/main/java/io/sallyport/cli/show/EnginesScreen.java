package io.sallyport.cli.show;

import io.sallyport.cli.console.Printable;
import io.sallyport.control.view.EngineView;
import io.sallyport.control.view.EnginesView;
import io.sallyport.control.view.SuiteSpeedView;
import io.sallyport.control.view.SuiteSpeedView.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `sallyport engines` on a screen.
public final class EnginesScreen {
    private final int width;

    public EnginesScreen(int width) {
        this.width = width;
    }

    public List<String> lines(EnginesView view) {
        List<String> lines = new ArrayList<>();
        for (EngineView engine : view.engines()) {
            lines.add(engine.name() + "  " + engine.version());
            offers(lines, "ciphers", engine.ciphers());
            offers(lines, "integrity", engine.integrity());
            offers(lines, "prf", engine.prfs());
            offers(lines, "groups", engine.groups());
            offers(lines, "signs", engine.signatures());
        }
        if (view.suites().stream().anyMatch(suite -> !suite.measured().isEmpty())) {
            lines.add("");
            lines.addAll(speeds(view.suites()));
            lines.add("");
            lines.add("Nanoseconds a packet on one core, the best of a short measurement.");
            lines.add(
                    "* serves the suite; runs of few packets are left to jce where it is quicker.");
        }
        for (String one : view.refused()) {
            lines.add("Refused: " + Printable.of(one));
        }
        if (!view.hint().isEmpty()) {
            lines.add("");
            lines.addAll(view.hint());
        }
        return lines;
    }

    private void offers(List<String> lines, String what, List<String> words) {
        if (!words.isEmpty()) {
            lines.addAll(Paragraph.lines(what, words, width));
        }
    }

    private List<String> speeds(List<SuiteSpeedView> suites) {
        List<String> names = new ArrayList<>();
        List<String> engines = new ArrayList<>();
        Map<String, List<String>> figures = new LinkedHashMap<>();
        for (SuiteSpeedView suite : suites) {
            Map<String, List<Measured>> byEngine = new LinkedHashMap<>();
            for (Measured one : suite.measured()) {
                byEngine.computeIfAbsent(one.engine(), _ -> new ArrayList<>()).add(one);
            }
            boolean first = true;
            for (Map.Entry<String, List<Measured>> entry : byEngine.entrySet()) {
                names.add(first ? suite.suite() : "");
                first = false;
                engines.add(
                        (entry.getKey().equals(suite.servedBy()) ? "* " : "  ") + entry.getKey());
                for (Measured one : entry.getValue()) {
                    figures.computeIfAbsent("seal " + one.octets(), _ -> new ArrayList<>())
                            .add(Long.toString(one.sealNanos()));
                    figures.computeIfAbsent("open " + one.octets(), _ -> new ArrayList<>())
                            .add(Long.toString(one.openNanos()));
                }
            }
        }
        TextTable table = new TextTable();
        table.column("SUITE", 9, false, names);
        table.column("ENGINE", 8, false, engines);
        figures.forEach(
                (head, cells) -> table.column(head.toUpperCase(Locale.ROOT), 7, true, cells));
        return table.lines(width);
    }
}
