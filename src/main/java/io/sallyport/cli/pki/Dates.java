package io.sallyport.cli.pki;

import io.sallyport.cli.verb.Said;
import io.sallyport.control.local.Trouble;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// Times that people write: `2027-01-31`, `2027-01-31T12:00:00Z`, or strongSwan's `31.01.27
/// 12:00:00` in local time.
///
/// @param from to the second, as certificates have it
record Dates(Instant from, Instant until) {
    static final String FORMS =
            "2027-01-31, 2027-01-31T12:00:00Z, or 31.01.27 12:00:00 in local time.";

    private static final DateTimeFormatter STRONGSWAN =
            DateTimeFormatter.ofPattern("dd.MM.uu HH:mm:ss", Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final int MOST_DAYS = 100_000;

    /// @param begin option that says when it begins; otherwise now
    /// @param end option that says when it ends; otherwise `--lifetime` days later
    static Dates of(Said said, String begin, String end, int days) throws Trouble {
        Instant from =
                time(said, begin)
                        .orElseGet(() -> said.console().time().now())
                        .truncatedTo(ChronoUnit.SECONDS);
        int lifetime = said.number("--lifetime", days, MOST_DAYS);
        Optional<Instant> until = time(said, end);
        if (until.isPresent() && said.has("--lifetime")) {
            throw Said.wrong("say --lifetime or " + end + ", not both");
        }
        Instant ends = until.orElse(from.plus(Duration.ofDays(lifetime)));
        if (!ends.isAfter(from)) {
            throw Said.wrong("it would end at " + ends + ", and begin at " + from);
        }
        return new Dates(from, ends);
    }

    /// Empty: the option was not said.
    static Optional<Instant> time(Said said, String option) throws Trouble {
        String text = said.value(option);
        return text == null ? Optional.empty() : Optional.of(parse(option, text));
    }

    static Instant parse(String option, String text) throws Trouble {
        try {
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return text.matches("[0-9]{2}\\..*")
                    ? LocalDateTime.parse(text, STRONGSWAN)
                            .atZone(ZoneId.systemDefault())
                            .toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException _) {
            throw Said.wrong(option + " '" + text + "' is no time; write " + FORMS);
        }
    }
}
