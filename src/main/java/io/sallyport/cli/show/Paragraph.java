package io.sallyport.cli.show;

import io.sallyport.cli.console.Printable;
import java.util.ArrayList;
import java.util.List;

/// A label and phrases, filled into lines: a phrase is not cut, the next line starts below the
/// first phrase.
final class Paragraph {
    private static final int LABEL = 11;

    private Paragraph() {}

    static List<String> lines(String label, List<String> phrases, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("  " + label);
        line.repeat(' ', Math.max(1, LABEL - line.length()));
        int start = line.length();
        for (int i = 0; i < phrases.size(); i++) {
            String phrase = Printable.of(phrases.get(i)) + (i + 1 < phrases.size() ? "," : "");
            if (line.length() > start && line.length() + 1 + phrase.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(start));
            }
            line.append(line.length() > start ? " " : "").append(phrase);
        }
        lines.add(line.toString());
        return lines;
    }

    /// A sentence, cut between words.
    static List<String> words(String label, String sentence, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("  " + label);
        line.repeat(' ', Math.max(1, LABEL - line.length()));
        int start = line.length();
        for (String word : Printable.of(sentence).split(" ")) {
            if (line.length() > start && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(start));
            }
            line.append(line.length() > start ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
