package io.sallyport.cli.show;

import io.sallyport.cli.console.Printable;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.TermsView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// Why negotiations failed, a paragraph each.
public final class FailureScreen {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private FailureScreen() {}

    /// @param width columns to fit into
    public static List<String> of(List<FailureView> failures, int width) {
        List<String> lines = new ArrayList<>();
        for (FailureView failure : failures) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(paragraph(failure, width));
        }
        return lines;
    }

    /// What is said where nothing is found.
    ///
    /// @param others that were not asked for
    public static List<String> none(String peer, List<FailureView> others) {
        if (peer.isEmpty()) {
            return List.of("nothing failed since the daemon started");
        }
        String nothing = "no failure is known of " + Printable.of(peer);
        List<String> known =
                others.stream()
                        .map(f -> f.connection().isEmpty() ? f.peer() : f.connection())
                        .distinct()
                        .map(Printable::of)
                        .toList();
        return known.isEmpty()
                ? List.of(nothing)
                : List.of(nothing, "there are some of " + String.join(", ", known));
    }

    private static List<String> paragraph(FailureView f, int width) {
        List<String> lines = new ArrayList<>();
        String name = f.connection().isEmpty() ? "somebody" : f.connection();
        lines.add(
                Printable.of(f.child().isEmpty() ? name : name + "/" + f.child())
                        + ": "
                        + f.summary());
        add(lines, "exchange", exchange(f), width);
        add(lines, "when", when(f), width);
        add(lines, "reason", f.reason(), width);
        if (!isShown(f.ours(), f.us()) || !isShown(f.theirs(), f.them())) {
            add(lines, "ours", f.ours(), width);
            add(lines, "theirs", f.theirs(), width);
        }
        both(lines, "who", who(f.us(), "the peer"), who(f.them(), "us"), width);
        both(lines, "offers", f.us().proposals(), f.them().proposals(), width);
        both(lines, "traffic", f.us().selectors(), f.them().selectors(), width);
        add(lines, "verdict", f.verdict(), width);
        if (!f.proven()) {
            add(
                    lines,
                    "proof",
                    "none: the peer had not proved who it is, anybody may have said this",
                    width);
        }
        add(lines, "decided", f.decided(), width);
        add(lines, "next", f.advice(), width);
        return lines;
    }

    private static boolean isShown(String said, TermsView terms) {
        return said.isEmpty()
                || said.equals(terms.identity())
                || said.equals(terms.wanted())
                || said.equals(terms.proposals())
                || said.equals(terms.selectors())
                || said.equals(terms.proposals() + " for " + terms.selectors());
    }

    private static String exchange(FailureView f) {
        return f.exchange()
                + " with "
                + f.peer()
                + (f.role().equals("initiator")
                        ? ", the IKE SA is begun by us"
                        : ", the IKE SA is begun by the peer");
    }

    private static String when(FailureView f) {
        String last = time(f.last());
        String often = f.times() == 1 ? last : f.times() + " times, last " + last;
        String since = f.times() == 1 ? "" : ", first " + time(f.first());
        String now =
                f.mended() != null
                        ? "; it went well at " + time(f.mended())
                        : f.suspected() ? "; it goes on, but will most likely fail" : "";
        return often + since + now;
    }

    /// Local time; what is no time stays as it is.
    private static String time(String iso) {
        try {
            return TIME.format(Instant.parse(iso).atZone(ZoneId.systemDefault()));
        } catch (RuntimeException _) {
            return iso;
        }
    }

    private static String who(TermsView terms, String other) {
        if (terms.wanted().isEmpty()) {
            return terms.identity();
        }
        return (terms.identity().isEmpty() ? "not said" : terms.identity())
                + ", takes "
                + other
                + " for "
                + terms.wanted();
    }

    private static void both(
            List<String> lines, String label, String ours, String theirs, int width) {
        if (!ours.isEmpty() || !theirs.isEmpty()) {
            add(lines, label, "we:   " + said(ours), width);
            add(lines, "", "they: " + said(theirs), width);
        }
    }

    private static String said(String what) {
        return what.isEmpty() ? "not said" : what;
    }

    private static void add(List<String> lines, String label, String sentence, int width) {
        if (!sentence.isEmpty()) {
            lines.addAll(Paragraph.words(label, sentence, width));
        }
    }
}
