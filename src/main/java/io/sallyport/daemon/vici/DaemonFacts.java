package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.model.command.IkeSaView;
import java.lang.management.ManagementFactory;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What the daemon says of itself: version, statistics, algorithms.
final class DaemonFacts {
    private static final DateTimeFormatter SINCE =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss yyyy", Locale.ROOT);

    private static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");

    private final Crypto crypto;
    private final LongSupplier nanos;
    private final String version;
    private final long startNanos;
    private final ZonedDateTime start = ZonedDateTime.now(ZoneId.systemDefault());

    DaemonFacts(Crypto crypto, LongSupplier nanos, String version) {
        this.crypto = crypto;
        this.nanos = nanos;
        this.version = version;
        this.startNanos = nanos.getAsLong();
    }

    /// charon's keys; the values are ours, so that nobody takes us for it.
    ViciMessage version() {
        String machine = System.getProperty("os.arch", "");
        return ViciMessage.with()
                .put("daemon", "sallyport")
                .put("version", version)
                .put("sysname", System.getProperty("os.name", ""))
                .put("release", System.getProperty("os.version", ""))
                .put("machine", machine.equals("amd64") ? "x86_64" : machine)
                .done();
    }

    /// charon's worker threads and queues have no counterpart here: the threads that run are
    /// counted as busy with work of medium priority, and nothing waits.
    ViciMessage stats(List<IkeSaView> views) {
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        Runtime memory = Runtime.getRuntime();
        long halfOpen =
                views.stream()
                        .filter(v ->
                                Spelling.ikeState(v.state()).equals("CONNECTING")
                                        && !v.keys().initiator())
                        .count();
        return ViciMessage.with()
                .section(
                        "uptime",
                        ViciMessage.with()
                                .put("running", running(nanos.getAsLong() - startNanos))
                                .put("since", SINCE.format(start))
                                .done())
                .section(
                        "workers",
                        ViciMessage.with()
                                .put("total", threads)
                                .put("idle", 0)
                                .section("active", priorities(threads))
                                .done())
                .section("queues", priorities(0))
                .put("scheduled", 0)
                .section(
                        "ikesas",
                        ViciMessage.with()
                                .put("total", views.size())
                                .put("half-open", halfOpen)
                                .done())
                .list("plugins", List.of("sallyport"))
                .section(
                        "mallinfo",
                        ViciMessage.with()
                                .put("sbrk", memory.totalMemory())
                                .put("mmap", 0)
                                .put("used", memory.totalMemory() - memory.freeMemory())
                                .put("free", memory.freeMemory())
                                .done())
                .done();
    }

    private static ViciMessage priorities(long medium) {
        ViciMessage.Builder to = ViciMessage.with();
        PRIORITIES.forEach(name -> to.put(name, name.equals("medium") ? medium : 0));
        return to.done();
    }

    /// The largest unit that fills at least two of itself, as charon's: `119 seconds`, `2 minutes`.
    static String running(long elapsedNanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(elapsedNanos);
        long amount = seconds;
        String unit = "second";
        if (seconds > 2 * 86_400) {
            amount = seconds / 86_400;
            unit = "day";
        } else if (seconds > 2 * 3600) {
            amount = seconds / 3600;
            unit = "hour";
        } else if (seconds > 2 * 60) {
            amount = seconds / 60;
            unit = "minute";
        }
        return amount + " " + unit + (amount == 1 ? "" : "s");
    }

    /// Every algorithm that an engine offers and that gave its known answers, with that engine.
    ViciMessage algorithms() {
        return ViciMessage.with()
                .section("encryption", ciphers(false))
                .section("integrity", integrities())
                .section("aead", ciphers(true))
                .section("hasher", ViciMessage.EMPTY)
                .section("prf", prfs())
                .section("xof", ViciMessage.EMPTY)
                .section("kdf", ViciMessage.EMPTY)
                .section("drbg", ViciMessage.EMPTY)
                .section("dh", groups())
                .section("rng", ViciMessage.EMPTY)
                .section("nonce-gen", ViciMessage.EMPTY)
                .done();
    }

    private ViciMessage ciphers(boolean aead) {
        ViciMessage.Builder to = ViciMessage.with();
        for (Encryption encryption : Encryption.values()) {
            if (encryption.isAead() == aead) {
                encryption.keyBits().stream()
                        .map(bits -> suite(Cipher.of(encryption, bits)))
                        .map(crypto::engineOf)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .ifPresent(engine -> to.put(Spelling.encryption(encryption), engine));
            }
        }
        return to.done();
    }

    private static EspSuite suite(Cipher cipher) {
        return new EspSuite(
                cipher,
                cipher.encryption().isAead() ? Integrity.NONE : Integrity.HMAC_SHA2_256_128,
                Group.NONE,
                false);
    }

    private ViciMessage integrities() {
        ViciMessage.Builder to = ViciMessage.with();
        for (Integrity integrity : Integrity.values()) {
            if (integrity != Integrity.NONE) {
                crypto.engineOf(
                                new EspSuite(
                                        Cipher.of(Encryption.NULL), integrity, Group.NONE, false))
                        .ifPresent(engine -> to.put(Spelling.integrity(integrity), engine));
            }
        }
        return to.done();
    }

    private ViciMessage prfs() {
        ViciMessage.Builder to = ViciMessage.with();
        for (Prf prf : Prf.values()) {
            if (crypto.offers(prf)) {
                to.put(Spelling.prf(prf), crypto.name());
            }
        }
        return to.done();
    }

    private ViciMessage groups() {
        ViciMessage.Builder to = ViciMessage.with();
        for (Group group : Group.values()) {
            if (group != Group.NONE && crypto.offers(group)) {
                to.put(Spelling.group(group), crypto.name());
            }
        }
        return to.done();
    }
}
