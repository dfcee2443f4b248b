package io.sallyport.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What some worlds came to, in numbers: one line of the file that a long run keeps, so that it
/// goes on where it was ended.
///
/// @param first seed of these, which follow each other
/// @param wall and processor in nanoseconds
/// @param recovery the longest of all
record Sums(
        long first,
        long seeds,
        List<Long> failed,
        long wall,
        long processor,
        long datagrams,
        long packets,
        long lost,
        long recovery) {
    private static final int FIELDS = 8;

    static Sums none(long first) {
        return new Sums(first, 0, List.of(), 0, 0, 0, 0, 0, 0);
    }

    long last() {
        return first + seeds - 1;
    }

    boolean has(long seed) {
        return seed >= first && seed <= last();
    }

    Sums and(Sums other) {
        return new Sums(
                seeds == 0 ? other.first : Math.min(first, other.first),
                seeds + other.seeds,
                Stream.concat(failed.stream(), other.failed.stream()).toList(),
                wall + other.wall,
                processor + other.processor,
                datagrams + other.datagrams,
                packets + other.packets,
                lost + other.lost,
                Math.max(recovery, other.recovery));
    }

    Sums and(long seed, Simulation.Outcome outcome) {
        return and(
                new Sums(
                        seed,
                        1,
                        outcome.violation().isPresent() ? List.of(seed) : List.of(),
                        0,
                        0,
                        outcome.messages(),
                        outcome.packets(),
                        outcome.lost(),
                        outcome.recovery()));
    }

    Sums taking(long wallNanos, long processorNanos) {
        return new Sums(
                first,
                seeds,
                failed,
                wallNanos,
                processorNanos,
                datagrams,
                packets,
                lost,
                recovery);
    }

    // ---- kept

    static List<Sums> read(Path file) throws IOException {
        List<Sums> all = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                all.add(parse(line));
            }
        }
        return all;
    }

    void append(Path file) throws IOException {
        Files.writeString(
                file, line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String line() {
        return "%d %d %d %d %d %d %d %d %s"
                .formatted(
                        first,
                        seeds,
                        wall,
                        processor,
                        datagrams,
                        packets,
                        lost,
                        recovery,
                        String.join(",", failed.stream().map(String::valueOf).toList()))
                .strip();
    }

    private static Sums parse(String line) {
        String[] fields = line.split(" ");
        long[] n = Stream.of(fields).limit(FIELDS).mapToLong(Long::parseLong).toArray();
        List<Long> failed =
                fields.length > FIELDS
                        ? Stream.of(fields[FIELDS].split(",")).map(Long::valueOf).toList()
                        : List.of();
        return new Sums(n[0], n[1], failed, n[2], n[3], n[4], n[5], n[6], n[7]);
    }

    /// For people.
    @Override
    public String toString() {
        return ("%d worlds of 10 virtual minutes, %.0f s of their threads, %.1f ms of processor each:"
                        + " %d violations %s; %d IKE datagrams, %d packets of which %d did not come out; longest"
                        + " recovery %.1f s")
                .formatted(
                        seeds,
                        wall / 1e9,
                        processor / 1e6 / Math.max(1, seeds),
                        failed.size(),
                        failed,
                        datagrams,
                        packets,
                        lost,
                        recovery / 1e9);
    }
}
