package io.sallyport.crypto.suite;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Additional key exchanges of a proposal (RFC 9370) as strongSwan writes them: `ke1_mlkem768`.
final class AdditionalWords {
    private AdditionalWords() {}

    static Stream<String> of(List<List<Group>> additional) {
        return IntStream.range(0, additional.size())
                .boxed()
                .flatMap(i -> additional.get(i).stream().map(g -> "ke" + (i + 1) + "_" + g));
    }

    /// Whether one of them may not be left out.
    static boolean isNeeded(List<List<Group>> additional) {
        return additional.stream().anyMatch(some -> !some.isEmpty() && !some.contains(Group.NONE));
    }
}
