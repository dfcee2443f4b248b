package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import java.time.Duration;
import java.util.Optional;

/// Lifetimes, margins, dead peer detection, with strongSwan's defaults.
final class Timing {
    static final Duration IKE_LIFETIME = Duration.ofHours(3);
    static final Duration LIFETIME = Duration.ofHours(1);
    static final Duration MARGIN = Duration.ofMinutes(9);
    static final int FUZZ_PERCENT = 100;
    static final Duration DPD_DELAY = Duration.ofSeconds(30);
    static final Duration DPD_TIMEOUT = Duration.ofSeconds(150);

    private Timing() {}

    /// @param reauth zero: never
    record IkeLife(LifetimeSpec rekeying, Duration reauth) {}

    /// strongSwan: with `reauth=yes`, the default, an IKEv2 SA is not rekeyed but made anew. IKEv1
    /// knows no other way.
    static Optional<IkeLife> ike(Conn conn, IkeVersion version, Findings findings) {
        Optional<LifetimeSpec> life = lifetime(conn, "ikelifetime", IKE_LIFETIME, 0, 0, findings);
        Optional<Boolean> reauth =
                conn.get("reauth").map(s -> Values.truth(s, findings)).orElse(Optional.of(true));
        if (life.isEmpty() || reauth.isEmpty()) {
            return Optional.empty();
        }
        LifetimeSpec l = life.get();
        if (version == IkeVersion.IKEV1 || !reauth.get() || !l.rekey()) {
            return Optional.of(new IkeLife(l, Duration.ZERO));
        }
        Duration when = l.life().minus(l.margin());
        return Optional.of(
                new IkeLife(
                        new LifetimeSpec(
                                l.life(),
                                l.margin(),
                                l.fuzzPercent(),
                                false,
                                l.octets(),
                                l.packets()),
                        when.isPositive() ? when : Duration.ofSeconds(1)));
    }

    static Optional<LifetimeSpec> child(Conn conn, Findings findings) {
        return lifetime(
                conn,
                "lifetime",
                LIFETIME,
                number(conn, "lifebytes", findings),
                number(conn, "lifepackets", findings),
                findings);
    }

    private static long number(Conn conn, String word, Findings findings) {
        return conn.get(word)
                .map(s -> Values.number(s, Long.MAX_VALUE / 4, findings).orElse(0))
                .orElse(0L);
    }

    private static Optional<LifetimeSpec> lifetime(
            Conn conn,
            String word,
            Duration otherwise,
            long octets,
            long packets,
            Findings findings) {
        Optional<Duration> life = time(conn, word, otherwise, findings);
        Optional<Duration> margin = time(conn, "margintime", MARGIN, findings);
        int fuzz = conn.get("rekeyfuzz").map(s -> percent(s, findings)).orElse(FUZZ_PERCENT);
        boolean rekey = conn.get("rekey").flatMap(s -> Values.truth(s, findings)).orElse(true);
        if (life.isEmpty() || margin.isEmpty() || fuzz < 0) {
            return Optional.empty();
        }
        if (life.get().isZero()) {
            conn.get(word).ifPresent(s -> findings.error(s.at(), word + ": a life of 0 is none"));
            return Optional.empty();
        }
        // the earliest moment, life - margin - margin * fuzz, must still lie in the life
        Duration most = margin.get().plus(margin.get().multipliedBy(fuzz).dividedBy(100));
        if (rekey && most.compareTo(life.get()) >= 0) {
            findings.warning(
                    conn.get(word)
                            .or(() -> conn.get("margintime"))
                            .or(() -> conn.get("rekeyfuzz"))
                            .map(Setting::at)
                            .orElse(conn.at()),
                    word
                            + " of "
                            + life.get().toSeconds()
                            + " s is not longer than margintime with rekeyfuzz ("
                            + most.toSeconds()
                            + " s): the SA may be rekeyed at once");
        }
        return Optional.of(
                rekey
                        ? new LifetimeSpec(life.get(), margin.get(), fuzz, true, octets, packets)
                        : LifetimeSpec.untilEnd(life.get(), octets, packets));
    }

    private static Optional<Duration> time(
            Conn conn, String word, Duration otherwise, Findings findings) {
        Optional<Setting> said = conn.get(word);
        return said.isPresent() ? Values.duration(said.get(), findings) : Optional.of(otherwise);
    }

    private static int percent(Setting s, Findings findings) {
        if (s.value().matches("[0-9]{1,4}%")) {
            return Integer.parseInt(s.value().substring(0, s.value().length() - 1));
        }
        findings.error(
                s.at(),
                s.key() + ": '" + Values.shown(s.value()) + "' is no percentage; write e.g. 100%");
        return -1;
    }

    /// strongSwan: DPD is off unless dpdaction says what a dead peer's end is.
    static Optional<DpdSpec> dpd(Conn conn, Actions.Dpd action, Findings findings) {
        Optional<Duration> delay = time(conn, "dpddelay", DPD_DELAY, findings);
        Optional<Duration> timeout = time(conn, "dpdtimeout", DPD_TIMEOUT, findings);
        if (delay.isEmpty() || timeout.isEmpty()) {
            return Optional.empty();
        }
        if (action == Actions.Dpd.NONE || delay.get().isZero()) {
            return Optional.of(DpdSpec.OFF);
        }
        if (timeout.get().compareTo(delay.get()) <= 0) {
            conn.get("dpdtimeout")
                    .or(() -> conn.get("dpddelay"))
                    .ifPresent(s ->
                            findings.warning(
                                    s.at(),
                                    "dpdtimeout is not longer than dpddelay: the peer is dead"
                                            + " before it can answer"));
        }
        return Optional.of(new DpdSpec(delay.get(), timeout.get()));
    }
}
