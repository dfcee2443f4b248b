package io.sallyport.ike.select;

import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.wire.ike.v2.Proposal;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.Transform;
import io.sallyport.wire.ike.v2.number.TransformType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Algorithms to transforms and back, and lists of both against each other (RFC 7296, 2.7 and 3.3).
final class Transforms {
    private static final int NO = 0;

    private Transforms() {}

    // ---- algorithms to transforms

    static Transform of(Cipher cipher) {
        Encryption e = cipher.encryption();
        return e.hasKeyLength()
                ? Transform.of(TransformType.ENCRYPTION, e.ikev2(), cipher.keyBits())
                : Transform.of(TransformType.ENCRYPTION, e.ikev2());
    }

    static Transform of(Integrity integrity) {
        return Transform.of(TransformType.INTEGRITY, integrity.ikev2());
    }

    static Transform of(Prf prf) {
        return Transform.of(TransformType.PRF, prf.ikev2());
    }

    static Transform of(Group group) {
        return Transform.of(TransformType.KEY_EXCHANGE, group.number());
    }

    /// Additional key exchanges (RFC 9370); empty if there is no engine for one of them.
    static Optional<List<Transform>> additional(List<List<Group>> wanted, Crypto crypto) {
        List<Transform> all = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            int type = TransformType.ADDITIONAL_KEY_EXCHANGE_1 + i;
            List<Transform> some =
                    wanted.get(i).stream()
                            .filter(g -> g == Group.NONE || crypto.offers(g))
                            .map(g -> Transform.of(type, g.number()))
                            .toList();
            if (some.isEmpty() && !wanted.get(i).isEmpty()) {
                return Optional.empty();
            }
            all.addAll(some);
        }
        return Optional.of(all);
    }

    /// RFC 9370, 2.2.2: no method is used twice in one SA.
    static boolean areDistinct(Group first, List<Group> additional) {
        Set<Group> all = EnumSet.of(first);
        return all.addAll(additional) ? all.size() == 1 + additional.size() : additional.isEmpty();
    }

    static Transform esn(boolean on) {
        return Transform.of(TransformType.EXTENDED_SEQUENCE_NUMBERS, on ? 1 : NO);
    }

    // ---- transforms to algorithms

    static Optional<Cipher> cipher(List<Transform> chosen) {
        return ofType(chosen, TransformType.ENCRYPTION).flatMap(Transforms::cipher);
    }

    private static Optional<Cipher> cipher(Transform t) {
        for (Encryption e : Encryption.values()) {
            for (int bits : e.keyBits()) {
                Cipher cipher = Cipher.of(e, bits);
                if (e.ikev2() != Encryption.NO_NUMBER && of(cipher).equals(t)) {
                    return Optional.of(cipher);
                }
            }
        }
        return Optional.empty();
    }

    /// [Integrity#NONE] if there is none, or it says so.
    static Optional<Integrity> integrity(List<Transform> chosen) {
        Optional<Transform> transform = ofType(chosen, TransformType.INTEGRITY);
        return transform.isEmpty()
                ? Optional.of(Integrity.NONE)
                : Arrays.stream(Integrity.values())
                        .filter(i -> i.ikev2() == transform.get().transformId())
                        .findFirst();
    }

    static Optional<Prf> prf(List<Transform> chosen) {
        return ofType(chosen, TransformType.PRF)
                .flatMap(t ->
                        Arrays.stream(Prf.values())
                                .filter(p -> p.ikev2() == t.transformId())
                                .findFirst());
    }

    /// [Group#NONE] if there is none, or it says so.
    static Optional<Group> group(List<Transform> chosen) {
        Optional<Transform> transform = ofType(chosen, TransformType.KEY_EXCHANGE);
        return transform.isEmpty()
                ? Optional.of(Group.NONE)
                : Group.byNumber(transform.get().transformId());
    }

    /// The additional key exchanges in order, without those that are none; empty if one is unknown.
    static Optional<List<Group>> additional(List<Transform> chosen) {
        List<Group> all = new ArrayList<>();
        for (int type = TransformType.ADDITIONAL_KEY_EXCHANGE_1;
                type <= TransformType.ADDITIONAL_KEY_EXCHANGE_7;
                type++) {
            Optional<Transform> transform = ofType(chosen, type);
            if (transform.isEmpty() || transform.get().transformId() == NO) {
                continue;
            }
            Optional<Group> group = Group.byNumber(transform.get().transformId());
            if (group.isEmpty()) {
                return Optional.empty();
            }
            all.add(group.get());
        }
        return Optional.of(all);
    }

    static boolean esn(List<Transform> chosen) {
        return ofType(chosen, TransformType.EXTENDED_SEQUENCE_NUMBERS)
                .map(t -> t.transformId() == 1)
                .orElse(false);
    }

    private static Optional<Transform> ofType(List<Transform> chosen, int type) {
        return chosen.stream().filter(t -> t.transformType() == type).findFirst();
    }

    // ---- lists against lists

    /// Transforms by type, each list in order of preference.
    static Map<Integer, List<Transform>> byType(Stream<Transform> transforms) {
        Map<Integer, List<Transform>> all = new LinkedHashMap<>();
        transforms.forEach(
                t -> all.computeIfAbsent(t.transformType(), _ -> new ArrayList<>()).add(t));
        return all;
    }

    static List<Transform> flat(Map<Integer, List<Transform>> byType) {
        return byType.values().stream().flatMap(List::stream).toList();
    }

    /// One transform of each type that `theirs` has: the first of ours that is among theirs. RFC
    /// 7296, 3.3.6: a type that we do not know makes the proposal one that we cannot take, unless
    /// it may be none.
    static Optional<List<Transform>> match(Map<Integer, List<Transform>> ours, Proposal theirs) {
        Map<Integer, List<Transform>> offered = byType(theirs.transforms().stream());
        List<Transform> chosen = new ArrayList<>();
        for (Map.Entry<Integer, List<Transform>> entry : offered.entrySet()) {
            List<Transform> wanted =
                    ours.getOrDefault(entry.getKey(), List.of(Transform.of(entry.getKey(), NO)));
            Optional<Transform> both =
                    wanted.stream().filter(entry.getValue()::contains).findFirst();
            if (both.isEmpty()) {
                return Optional.empty();
            }
            chosen.add(both.get());
        }
        for (Map.Entry<Integer, List<Transform>> entry : ours.entrySet()) {
            boolean mayBeLeftOut = entry.getValue().stream().anyMatch(t -> t.transformId() == NO);
            if (!offered.containsKey(entry.getKey()) && !mayBeLeftOut) {
                return Optional.empty();
            }
        }
        return Optional.of(chosen);
    }

    /// Whether `answer` is a legal choice from `offer`: the one proposal of its number, with
    /// exactly one transform for each type that must have one (RFC 7296, 3.3.6 and 2.7).
    static Optional<Proposal> chosen(SaPayload offer, SaPayload answer) {
        if (answer.proposals().size() != 1) {
            return Optional.empty();
        }
        Proposal given = answer.proposals().getFirst();
        for (Proposal p : offer.proposals()) {
            if (p.number() == given.number()
                    && p.protocolId() == given.protocolId()
                    && isOneOfEach(given, p)) {
                return Optional.of(given);
            }
        }
        return Optional.empty();
    }

    private static boolean isOneOfEach(Proposal given, Proposal offered) {
        Map<Integer, List<Transform>> of = byType(offered.transforms().stream());
        Map<Integer, List<Transform>> is = byType(given.transforms().stream());
        for (Map.Entry<Integer, List<Transform>> entry : is.entrySet()) {
            List<Transform> allowed = of.getOrDefault(entry.getKey(), List.of());
            Transform only = entry.getValue().getFirst();
            // An explicit "none" where nothing was offered says the same as leaving it out.
            boolean none = allowed.isEmpty() && only.transformId() == NO;
            if (entry.getValue().size() != 1 || !none && !allowed.contains(only)) {
                return false;
            }
        }
        return of.entrySet().stream()
                .allMatch(e ->
                        is.containsKey(e.getKey())
                                || e.getValue().stream().anyMatch(t -> t.transformId() == NO));
    }

    // ---- for people

    /// `aes128-sha256-prfsha256-modp2048`; numbers where we know no word.
    static String describe(SaPayload sa) {
        return String.join(", ", sa.proposals().stream().map(Transforms::describe).toList());
    }

    private static String describe(Proposal p) {
        List<String> words = new ArrayList<>();
        for (Transform t : p.transforms()) {
            words.add(word(t));
        }
        return String.join("-", words);
    }

    private static String word(Transform t) {
        Optional<?> known =
                switch (t.transformType()) {
                    case TransformType.ENCRYPTION -> cipher(t);
                    case TransformType.PRF -> prf(List.of(t));
                    case TransformType.INTEGRITY -> integrity(List.of(t));
                    case TransformType.KEY_EXCHANGE -> group(List.of(t));
                    case TransformType.EXTENDED_SEQUENCE_NUMBERS ->
                            t.transformId() <= 1
                                    ? Optional.of(t.transformId() == 1 ? "esn" : "noesn")
                                    : Optional.empty();
                    default ->
                            TransformType.isAdditional(t.transformType())
                                    ? Group.byNumber(t.transformId())
                                            .map(g -> "ke" + (t.transformType() - 5) + "_" + g)
                                    : Optional.empty();
                };
        return known.map(Object::toString)
                .orElseGet(() ->
                        TransformType.name(t.transformType())
                                + "#"
                                + t.transformId()
                                + (t.keyBits().isPresent() ? "/" + t.keyBits().getAsInt() : ""));
    }
}
