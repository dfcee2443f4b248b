package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import java.util.Optional;
import java.util.OptionalInt;

/// `mark`, `mark_in`, `mark_out`: a number that binds the packets of one interface to one child.
public final class Marks {
    private static final long ALL_BITS = 0xffffffffL;

    private Marks() {}

    /// The one mark of a connection; 0 where there is none. Empty after a finding.
    static OptionalInt of(Conn conn, Findings findings) {
        Optional<Setting> both = conn.get("mark");
        Optional<Setting> in = conn.get("mark_in").or(() -> both);
        Optional<Setting> out = conn.get("mark_out").or(() -> both);
        if (in.isEmpty() && out.isEmpty()) {
            return OptionalInt.of(0);
        }
        if (in.isEmpty() || out.isEmpty()) {
            Setting there = in.or(() -> out).orElseThrow();
            findings.error(
                    there.at(),
                    there.key() + " is refused alone: one number binds both directions, use mark=");
            return OptionalInt.empty();
        }
        OptionalInt incoming = parse(in.get(), findings);
        OptionalInt outgoing = parse(out.get(), findings);
        if (incoming.isEmpty() || outgoing.isEmpty()) {
            return OptionalInt.empty();
        }
        if (incoming.getAsInt() != outgoing.getAsInt()) {
            findings.error(
                    out.get().at(),
                    "mark_out differs from mark_in: one number binds both directions, use mark=");
            return OptionalInt.empty();
        }
        return incoming;
    }

    /// `100`, `0x64`, `100/0xffffffff`.
    public static OptionalInt parse(Setting s, Findings findings) {
        String value = s.value();
        if (value.startsWith("%unique")) {
            findings.error(
                    s.at(), s.key() + ": " + Values.shown(value) + " is refused: give a number");
            return OptionalInt.empty();
        }
        int slash = value.indexOf('/');
        long number = number(slash < 0 ? value : value.substring(0, slash));
        long mask = slash < 0 ? ALL_BITS : number(value.substring(slash + 1));
        if (number < 0 || number > Integer.MAX_VALUE || mask < 0) {
            findings.error(
                    s.at(),
                    s.key()
                            + ": '"
                            + Values.shown(value)
                            + "' is no mark; write a number such as 100, 0x64 or 100/0xffffffff");
            return OptionalInt.empty();
        }
        if (mask != ALL_BITS) {
            findings.error(
                    s.at(),
                    s.key() + ": a mask other than 0xffffffff is refused: a mark is one interface");
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number);
    }

    private static long number(String text) {
        if (text.matches("0[xX][0-9a-fA-F]{1,8}")) {
            return Long.parseLong(text.substring(2), 16);
        }
        return text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
    }
}
