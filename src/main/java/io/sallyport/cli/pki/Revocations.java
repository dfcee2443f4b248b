package io.sallyport.cli.pki;

import io.sallyport.cli.verb.Said;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.ListOrder.Revoked;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Which certificates to put on a list. As in strongSwan's `pki` the order of the words counts:
/// `--reason` and `--date` are about the `--cert` or `--serial` that follows, and no further one.
final class Revocations {
    static final int HOLD = 6;
    static final int REMOVE = 8;

    /// RFC 5280, 5.3.1.
    static final Map<String, Integer> REASONS =
            Map.of(
                    "unspecified", 0,
                    "key-compromise", 1,
                    "ca-compromise", 2,
                    "affiliation-changed", 3,
                    "superseded", 4,
                    "cessation-of-operation", 5,
                    "certificate-hold", HOLD,
                    "remove-from-crl", REMOVE,
                    "privilege-withdrawn", 9,
                    "aa-compromise", 10);

    /// An option and its value.
    private record Word(String option, String value) {}

    private Revocations() {}

    static String word(int reason) {
        return REASONS.entrySet().stream()
                .filter(e -> e.getValue() == reason)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("reason " + reason);
    }

    /// @param now when they are revoked, unless `--date` says
    static List<Revoked> of(Given given, Instant now) throws Trouble {
        List<Revoked> all = new ArrayList<>();
        int reason = 0;
        Instant since = now;
        boolean open = false;
        for (Word word : words(given.said().result())) {
            switch (word.option()) {
                case "--reason" -> reason = reason(word.value());
                case "--date" -> since = date(word.value());
                default -> {
                    BigInteger serial =
                            word.option().equals("--cert")
                                    ? given.certificateOf(word.value()).getSerialNumber()
                                    : Contents.serial("--serial", word.value());
                    all.add(new Revoked(serial, since, reason));
                    reason = 0;
                    since = now;
                }
            }
            open = word.option().equals("--reason") || word.option().equals("--date");
        }
        if (open) {
            throw Said.wrong("--reason and --date stand before the --cert or --serial they are of");
        }
        return all;
    }

    private static int reason(String text) throws Trouble {
        Integer reason = REASONS.get(text.toLowerCase(Locale.ROOT));
        if (reason == null) {
            throw Said.wrong(
                    "--reason '"
                            + text
                            + "' is none of "
                            + String.join(", ", REASONS.keySet().stream().sorted().toList()));
        }
        return reason;
    }

    private static Instant date(String text) throws Trouble {
        return text.matches("[0-9]{5,11}")
                ? Instant.ofEpochSecond(Long.parseLong(text))
                : Dates.parse("--date", text);
    }

    /// What was said of them, in its order. The parser has checked it already.
    private static List<Word> words(ParseResult result) {
        CommandSpec spec = result.commandSpec();
        List<String> typed = result.originalArgs();
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < typed.size(); i++) {
            String word = typed.get(i);
            int end = word.startsWith("--") ? word.indexOf('=') : Math.min(2, word.length());
            String name = end < 0 ? word : word.substring(0, end);
            Optional<OptionSpec> option = Optional.ofNullable(spec.findOption(name));
            if (option.isEmpty() || option.get().arity().max() == 0) {
                continue;
            }
            String value;
            if (name.length() < word.length()) {
                value = word.substring(name.length());
                value = value.startsWith("=") ? value.substring(1) : value;
            } else {
                i++;
                value = Objects.requireNonNull(typed.get(i));
            }
            String longest = option.get().longestName();
            if (List.of("--cert", "--serial", "--reason", "--date").contains(longest)) {
                words.add(new Word(longest, value));
            }
        }
        return words;
    }
}
