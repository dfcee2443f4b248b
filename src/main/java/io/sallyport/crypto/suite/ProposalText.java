package io.sallyport.crypto.suite;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// Proposals as people write them, in strongSwan's words:
/// `aes256-sha256-modp2048s256,aes128-sha1-modp1024!`.
///
/// Commas part proposals, dashes part words. Words of a kind add up:
/// `aes128-aes256-sha256-modp2048` allows either cipher. The order of kinds is free; upper and
/// lower case are alike.
///
/// - *PRF of IKE*: without a `prf...` word it is that of the integrity words, also where those
///   serve no other end, with an AEAD. In ESP proposals `prf...` words are passed over.
/// - *Group of ESP*: with one, PFS; without, or with `none`, no PFS. `none` beside others makes PFS
///   optional: [Group#NONE] is then in the list.
/// - *AEADs and other ciphers* may not share a proposal (RFC 7296, 3.3: who wants both writes two).
/// - *Additional key exchanges* (RFC 9370): `ke1_mlkem768` to `ke7_...`; with `ke1_none` beside
///   others that one may be left out. In ESP proposals they need a group before them.
/// - *ESN*: `esn` and `noesn` together become two proposals, in the order of the words.
/// - *`default`* in place of a proposal: the defaults, there.
/// - *Exclamation mark at the end*: only what is written.
///
/// Where strongSwan skips a proposal that it cannot read and goes on with the others, we refuse the
/// whole text; and an ESP cipher without integrity, which it lets pass, we refuse (RFC 8221, 4:
/// "Encryption without authentication is not effective and MUST NOT be used").
public final class ProposalText {
    /// Used where the configuration names no proposal. Nothing that is [Standing#BROKEN] or
    /// [Standing#LEGACY]; and few enough that IKEv1, which spells out every combination, needs no
    /// fragments: 20 transforms of 36 octets.
    private static final String IKE_DEFAULT =
            "aes128-aes256-sha256-sha384-x25519-ecp256-ecp384-modp3072-modp2048";

    /// For IKEv2; IKEv1 has no AEAD in phase 1.
    private static final String IKE_DEFAULT_AEAD =
            "aes128gcm16-aes256gcm16-chacha20poly1305-prfsha256-prfsha384"
                    + "-x25519-ecp256-ecp384-modp3072-modp2048";

    private static final String ESP_DEFAULT_AEAD = "aes128gcm16-aes256gcm16-chacha20poly1305";
    private static final String ESP_DEFAULT = "aes128-aes256-sha256-sha384-sha512";

    private static final String WITHOUT_FIRST =
            "additional key exchanges come after a first one, e.g. x25519";

    private ProposalText() {}

    /// What reading came to.
    public sealed interface Parsed<P> {
        /// @param proposals in the order written, at least one
        /// @param strict whether nothing may be added to them (`!`)
        record Good<P>(List<P> proposals, boolean strict) implements Parsed<P> {
            public Good {
                proposals = List.copyOf(proposals);
            }
        }

        /// @param word what is wrong, as written; empty if something is missing
        /// @param offset of `word` in the text, from 0
        /// @param why for people, e.g. `unknown algorithm`
        /// @param didYouMean a word that would be right; empty if none is near
        record Bad<P>(String word, int offset, String why, String didYouMean)
                implements Parsed<P> {}
    }

    public static Parsed<IkeProposal> ike(String text) {
        return ike(text, List.of());
    }

    /// @param defaults what the word `default` stands for
    public static Parsed<IkeProposal> ike(String text, List<IkeProposal> defaults) {
        return parse(text, defaults, ProposalText::ikeProposal);
    }

    public static Parsed<EspProposal> esp(String text) {
        return esp(text, List.of());
    }

    /// @param defaults what the word `default` stands for
    public static Parsed<EspProposal> esp(String text, List<EspProposal> defaults) {
        return parse(text, defaults, ProposalText::espProposals);
    }

    /// As [#esp], for AH: no cipher.
    public static Parsed<EspProposal> ah(String text) {
        return parse(text, List.of(), ProposalText::ahProposals);
    }

    /// The proposals for a connection whose configuration names none.
    public static List<IkeProposal> defaultIke() {
        return good(ike(IKE_DEFAULT + "," + IKE_DEFAULT_AEAD));
    }

    /// The proposals for a child whose configuration names none. Without a group, hence without PFS
    /// of its own, as strongSwan's.
    public static List<EspProposal> defaultEsp() {
        return good(esp(ESP_DEFAULT_AEAD + "," + ESP_DEFAULT));
    }

    private static <P> List<P> good(Parsed<P> parsed) {
        return switch (parsed) {
            case Parsed.Good<P>(List<P> proposals, boolean _) -> proposals;
            case Parsed.Bad<P> bad -> throw new IllegalStateException(bad.toString());
        };
    }

    /// The words of one proposal by kind, each in the order written, without repetition.
    private static final class Words {
        final Set<Cipher> ciphers = new LinkedHashSet<>();
        final Set<Integrity> integrity = new LinkedHashSet<>();
        final Set<Prf> prfs = new LinkedHashSet<>();
        final Set<Group> groups = new LinkedHashSet<>();
        final Set<Boolean> esn = new LinkedHashSet<>();
        final SortedMap<Integer, Set<Group>> additional = new TreeMap<>();

        void add(ProposalWords.Ask ask) {
            switch (ask) {
                case ProposalWords.Ask.OfCipher(Cipher cipher) -> ciphers.add(cipher);
                case ProposalWords.Ask.OfIntegrity(Integrity one) -> integrity.add(one);
                case ProposalWords.Ask.OfPrf(Prf prf) -> prfs.add(prf);
                case ProposalWords.Ask.OfGroup(Group group) -> groups.add(group);
                case ProposalWords.Ask.OfEsn(boolean on) -> esn.add(on);
                case ProposalWords.Ask.OfAdditional(int number, Group group) ->
                        additional.computeIfAbsent(number, _ -> new LinkedHashSet<>()).add(group);
            }
        }

        /// One list a number, up to the highest that is written.
        List<List<Group>> additionalLists() {
            List<List<Group>> all = new ArrayList<>();
            int last = additional.isEmpty() ? 0 : additional.lastKey();
            for (int n = 1; n <= last; n++) {
                all.add(List.copyOf(additional.getOrDefault(n, Set.of())));
            }
            return all;
        }

        boolean isAead() {
            return ciphers.stream().allMatch(c -> c.encryption().isAead());
        }

        boolean isMixed() {
            return !isAead() && ciphers.stream().anyMatch(c -> c.encryption().isAead());
        }
    }

    /// A proposal's place in the text.
    private record Place(String text, int offset) {
        <P> Parsed<P> bad(String why, String didYouMean) {
            return new Parsed.Bad<>(text, offset, why, didYouMean);
        }
    }

    private static <P> Parsed<P> parse(
            String text, List<P> defaults, BiFunction<Words, Place, Parsed<P>> toProposals) {
        String body = text.stripTrailing();
        boolean strict = body.endsWith("!");
        if (strict) {
            body = body.substring(0, body.length() - 1);
        }
        if (body.isBlank()) {
            return new Parsed.Bad<>("", 0, "no proposal", "");
        }
        List<P> proposals = new ArrayList<>();
        int offset = 0;
        for (String part : body.split(",", -1)) {
            Place place = place(part, offset);
            if (place.text().equalsIgnoreCase("default") && !defaults.isEmpty()) {
                proposals.addAll(defaults);
                offset += part.length() + 1;
                continue;
            }
            Words words = new Words();
            Optional<Parsed<P>> wrong = read(part, offset, words);
            if (wrong.isPresent()) {
                return wrong.get();
            }
            switch (toProposals.apply(words, place)) {
                case Parsed.Good<P>(List<P> some, boolean _) -> proposals.addAll(some);
                case Parsed.Bad<P> bad -> {
                    return bad;
                }
            }
            offset += part.length() + 1;
        }
        return new Parsed.Good<>(proposals, strict);
    }

    private static Place place(String part, int offset) {
        int blanks = part.length() - part.stripLeading().length();
        return new Place(part.strip(), offset + blanks);
    }

    /// @return what is wrong, if anything is
    private static <P> Optional<Parsed<P>> read(String part, int offset, Words words) {
        int at = offset;
        for (String raw : part.split("-", -1)) {
            Place place = place(raw, at);
            String word = place.text().toLowerCase(Locale.ROOT);
            Optional<ProposalWords.Ask> ask = ProposalWords.find(word);
            if (ask.isEmpty()) {
                return Optional.of(unknown(word, place));
            }
            words.add(ask.get());
            at += raw.length() + 1;
        }
        return Optional.empty();
    }

    private static <P> Parsed<P> unknown(String word, Place place) {
        if (word.isEmpty()) {
            return place.bad("a word is missing", "");
        }
        if (word.contains("!")) {
            return place.bad("an exclamation mark may only stand at the very end", "");
        }
        if (ProposalWords.isKnownElsewhere(word)) {
            return place.bad("an algorithm that we do not have", "");
        }
        return place.bad("unknown algorithm", ProposalWords.nearest(word));
    }

    private static Parsed<IkeProposal> ikeProposal(Words words, Place place) {
        Optional<Parsed<IkeProposal>> wrong = wrongCiphers(words, place);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        if (!words.esn.isEmpty()) {
            return place.bad("esn and noesn belong into an ESP proposal", "");
        }
        for (Cipher cipher : words.ciphers) {
            if (!cipher.encryption().encrypts()) {
                return place.bad("IKE messages cannot go without encryption", "");
            }
            if (!cipher.encryption().isForIke()) {
                return place.bad("a cipher with implicit IV is for ESP only", "");
            }
        }
        if (words.prfs.isEmpty()) {
            words.integrity.forEach(one -> words.prfs.add(Prf.of(one)));
        }
        if (words.prfs.isEmpty()) {
            return words.isAead()
                    ? place.bad("a PRF is missing, e.g. prfsha256", "")
                    : place.bad("an integrity algorithm is missing, e.g. sha256", "");
        }
        if (!words.isAead() && words.integrity.isEmpty()) {
            return place.bad("an integrity algorithm is missing, e.g. sha256", "");
        }
        words.groups.remove(Group.NONE);
        if (words.groups.isEmpty()) {
            return place.bad("a Diffie-Hellman group is missing, e.g. modp2048", "");
        }
        return new Parsed.Good<>(
                List.of(
                        new IkeProposal(
                                List.copyOf(words.ciphers),
                                words.isAead() ? List.of() : List.copyOf(words.integrity),
                                List.copyOf(words.prfs),
                                List.copyOf(words.groups),
                                words.additionalLists())),
                false);
    }

    private static Parsed<EspProposal> espProposals(Words words, Place place) {
        Optional<Parsed<EspProposal>> wrong = wrongCiphers(words, place);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        if (!words.isAead() && words.integrity.isEmpty()) {
            return place.bad("an integrity algorithm is missing, e.g. sha256", "");
        }
        if (words.groups.equals(Set.of(Group.NONE))) {
            words.groups.clear();
        }
        if (isWithoutFirst(words)) {
            return place.bad(WITHOUT_FIRST, "");
        }
        if (words.esn.isEmpty()) {
            words.esn.add(false);
        }
        List<EspProposal> proposals = new ArrayList<>();
        for (boolean esn : words.esn) {
            proposals.add(
                    new EspProposal(
                                    List.copyOf(words.ciphers),
                                    words.isAead() ? List.of() : List.copyOf(words.integrity),
                                    List.copyOf(words.groups),
                                    esn)
                            .with(words.additionalLists()));
        }
        return new Parsed.Good<>(proposals, false);
    }

    private static Parsed<EspProposal> ahProposals(Words words, Place place) {
        if (!words.ciphers.isEmpty()) {
            return place.bad("AH does not encrypt; use esp=, or leave the cipher out", "");
        }
        if (words.integrity.isEmpty()) {
            return place.bad("an integrity algorithm is missing, e.g. sha256", "");
        }
        words.groups.remove(Group.NONE);
        if (isWithoutFirst(words)) {
            return place.bad(WITHOUT_FIRST, "");
        }
        if (words.esn.isEmpty()) {
            words.esn.add(false);
        }
        List<EspProposal> proposals = new ArrayList<>();
        for (boolean esn : words.esn) {
            proposals.add(
                    EspProposal.ah(List.copyOf(words.integrity), List.copyOf(words.groups), esn)
                            .with(words.additionalLists()));
        }
        return new Parsed.Good<>(proposals, false);
    }

    private static boolean isWithoutFirst(Words words) {
        return !words.additional.isEmpty() && words.groups.isEmpty();
    }

    private static <P> Optional<Parsed<P>> wrongCiphers(Words words, Place place) {
        if (words.ciphers.isEmpty()) {
            return Optional.of(place.bad("an encryption algorithm is missing, e.g. aes128", ""));
        }
        if (words.isMixed()) {
            return Optional.of(
                    place.bad(
                            "an AEAD and another cipher cannot share a proposal; write two,"
                                    + " with a comma between",
                            ""));
        }
        return Optional.empty();
    }
}
