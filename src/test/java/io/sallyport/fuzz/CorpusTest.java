package io.sallyport.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every entrance takes every input that is kept, and some mutants of each.
class CorpusTest {
    private static final int MUTANTS = 60;
    private static final int MANY_MUTANTS = 2_000;

    @ParameterizedTest
    @EnumSource
    void whatIsKeptIsTaken(Target target) throws IOException {
        assertFalse(target.corpus().isEmpty(), target + " has no corpus");
        for (Path file : target.corpus()) {
            feed(target, Files.readAllBytes(file), file.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void andMutantsOfIt(Target target) throws IOException {
        mutants(target, MUTANTS, 20_261_126);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void andManyMutantsOfIt(Target target) throws IOException {
        mutants(target, MANY_MUTANTS, 42);
    }

    private static void mutants(Target target, int count, long seed) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : target.corpus()) {
            seeds.add(Files.readAllBytes(file));
        }
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            byte[] mutant = mutant(seeds, random);
            feed(target, mutant, "mutant " + i);
        }
    }

    private static byte[] mutant(List<byte[]> seeds, Random random) {
        byte[] octets = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && octets.length > 0; changes--) {
            int at = random.nextInt(octets.length);
            switch (random.nextInt(5)) {
                case 0 -> octets[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> octets[at] = (byte) random.nextInt(256);
                case 2 -> octets[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                case 3 -> octets = Arrays.copyOf(octets, at);
                default -> { // the end of another
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length + 1);
                    byte[] both = Arrays.copyOf(octets, at + other.length - from);
                    System.arraycopy(other, from, both, at, other.length - from);
                    octets = both;
                }
            }
        }
        return octets;
    }

    private static void feed(Target target, byte[] input, String what) {
        assertDoesNotThrow(
                () -> target.feed(input),
                () -> target.word() + ", " + what + ": " + HexFormat.of().formatHex(input));
    }
}
