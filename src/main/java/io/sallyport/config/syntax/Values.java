package io.sallyport.config.syntax;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Numbers, times, truths. What cannot be read becomes a finding at the value.
public final class Values {
    private Values() {}

    /// `yes` or `no`.
    public static Optional<Boolean> truth(Setting s, Findings findings) {
        return switch (s.value()) {
            case "yes" -> Optional.of(true);
            case "no" -> Optional.of(false);
            default -> {
                findings.error(
                        s.at(), s.key() + ": '" + shown(s.value()) + "' is neither yes nor no");
                yield Optional.empty();
            }
        };
    }

    /// A number with a unit s, m, h or d; bare numbers are seconds.
    public static Optional<Duration> duration(Setting s, Findings findings) {
        Optional<Duration> time = duration(s.value());
        if (time.isEmpty()) {
            findings.error(
                    s.at(),
                    s.key()
                            + ": '"
                            + shown(s.value())
                            + "' is no time; write 3600, 3600s, 60m, 1h or 2d");
        }
        return time;
    }

    static Optional<Duration> duration(String text) {
        if (!text.matches("[0-9]{1,9}[smhd]?")) {
            return Optional.empty();
        }
        char unit = text.charAt(text.length() - 1);
        long number =
                Long.parseLong(
                        Character.isDigit(unit) ? text : text.substring(0, text.length() - 1));
        return Optional.of(
                switch (unit) {
                    case 'm' -> Duration.ofMinutes(number);
                    case 'h' -> Duration.ofHours(number);
                    case 'd' -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                });
    }

    /// A decimal number up to `most`.
    public static OptionalLong number(Setting s, long most, Findings findings) {
        if (s.value().matches("[0-9]{1,18}") && Long.parseLong(s.value()) <= most) {
            return OptionalLong.of(Long.parseLong(s.value()));
        }
        findings.error(
                s.at(),
                s.key() + ": '" + shown(s.value()) + "' is no number between 0 and " + most);
        return OptionalLong.empty();
    }

    /// A value fit for a message: control characters out, cut after 60 characters.
    public static String shown(String value) {
        String clean = value.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 60 ? clean : clean.substring(0, 60) + "…";
    }
}
