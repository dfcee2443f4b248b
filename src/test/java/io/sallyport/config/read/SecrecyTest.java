package io.sallyport.config.read;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.render.ModelText;
import io.sallyport.config.syntax.SourceText;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two promises of every reader: no text, however broken, ends in an exception; and no key shows in
/// anything that is said about it.
class SecrecyTest {
    /// Long, so that a fragment of it is found, too.
    private static final String KEY = "QzJ7wXk4vT9mRp2sLd8nGf5hBc3y";

    private static final Pattern KEY_PLACE =
            Pattern.compile(
                    ".*(:[ \t]*[^ \t\"']{0,8}[ \t]*[\"']?(0s)?|<pre_shared_key>)[A-Za-z0-9]*");

    private static final int TELLTALE = 8; // characters of the key in a row
    private static final Choices CHOICES =
            Choices.of(List.of(IpPrefix.of("10.120.0.0/16")), Optional.empty(), false);

    private static final List<SourceText> SEEDS =
            List.of(
                    seed("aws-strongswan.txt"),
                    seed("aws.xml"),
                    seed("ipsec.conf"),
                    SourceText.of(
                            "ipsec.secrets",
                            """
                            # keys
                            62.81.252.34 52.50.67.155 : PSK "%s"
                            @me you@example.com : PSK %s
                            %%any : PSK 0s%s
                            : XAUTH '%s'
                            """
                                    .formatted(KEY, KEY, KEY, KEY)));

    private static SourceText seed(String file) {
        return SourceText.of(file, Texts.rosetta(file).replaceAll("aM6ktTm3pv5etv9eC2?", KEY));
    }

    private static void readAndLook(SourceText text) {
        Reading reading = ConfigReader.readTexts(List.of(text), CHOICES);
        String all =
                ModelText.render(reading.spec(), reading.findings())
                        + reading
                        + reading.spec()
                        + reading.findings();
        for (int i = 0; i + TELLTALE <= KEY.length(); i++) {
            String part = KEY.substring(i, i + TELLTALE);
            if (text.lines().stream().anyMatch(l -> standsAsName(part, l))) {
                continue;
            }
            assertFalse(all.contains(part), () -> "the key shows: " + part + " in\n" + all);
        }
    }

    /// A piece of the key that a mutation moved to where a name stands is a name: nobody can tell.
    /// Behind the last colon and a word, or in the key's element, it must stay hidden.
    private static boolean standsAsName(String part, String line) {
        int at = line.indexOf(part);
        return at >= 0
                && (line.indexOf(" : ", at) >= 0
                        || !KEY_PLACE.matcher(line.substring(0, at)).matches());
    }

    private static String mutated(String text, RandomGenerator random) {
        StringBuilder out = new StringBuilder(text);
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits && !out.isEmpty(); i++) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(7)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.setCharAt(at, (char) (1 + random.nextInt(0x7f)));
                case 2 -> out.insert(at, "\"'#=:\\\n\t <>&;%@!-,/".charAt(random.nextInt(19)));
                case 3 -> out.delete(at, Math.min(out.length(), at + random.nextInt(40)));
                case 4 ->
                        out.insert(
                                random.nextInt(out.length()),
                                out.substring(
                                        at, Math.min(out.length(), at + random.nextInt(200))));
                case 5 -> out.setLength(at);
                default -> out.setCharAt(at, (char) random.nextInt(0x10000));
            }
        }
        return out.toString();
    }

    private static void fuzz(int rounds, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < rounds; i++) {
            SourceText original = SEEDS.get(random.nextInt(SEEDS.size()));
            String broken = mutated(original.text(), random);
            String name = random.nextInt(10) == 0 ? "other.conf" : original.name();
            try {
                readAndLook(SourceText.of(name, broken));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + i + ":\n" + broken, e);
            }
        }
    }

    @Test
    void theSeedsThemselvesAreQuiet() {
        for (SourceText seed : SEEDS) {
            assertTrue(seed.text().contains(KEY) || seed.name().equals("ipsec.conf"));
            readAndLook(seed);
        }
    }

    @Test
    void hundredsOfBrokenTextsThrowNothingAndShowNoKey() {
        fuzz(300, 1);
    }

    @Test
    @Tag("slow")
    void twentyThousandBrokenTextsThrowNothingAndShowNoKey() {
        fuzz(20_000, 2);
    }
}
