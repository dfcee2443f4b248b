package io.sallyport.config.syntax;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The known word nearest to a mistyped one.
public final class DidYouMean {
    /// No known word is longer; longer input is not compared (time grows with the product).
    private static final int LONGEST = 64;

    private DidYouMean() {}

    /// `; did you mean 'x'?`, or nothing where no word is near.
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known).map(w -> "; did you mean '" + w + "'?").orElse("");
    }

    /// The nearest word within a third of its length (at least 1) of insertions, deletions,
    /// replacements and swaps of neighbours; the first of equals.
    public static Optional<String> nearest(String word, Collection<String> known) {
        if (word.isEmpty() || word.length() > LONGEST) {
            return Optional.empty();
        }
        String lower = word.toLowerCase(Locale.ROOT);
        Optional<String> best = Optional.empty();
        int bestDistance = Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /// Edits between two words, neighbours swapped counting as one.
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
