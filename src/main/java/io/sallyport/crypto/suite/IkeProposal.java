package io.sallyport.crypto.suite;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one configured proposal allows for an IKE SA; each list in order of preference. IKEv1
/// offers every combination as a transform of its own, IKEv2 the lists as they are. With an AEAD
/// `integrity` is empty.
///
/// @param additional further key exchanges (RFC 9370): the methods for each of at most seven, in
///   order; an empty list where a number is left out, [Group#NONE] in one that may be left out
public record IkeProposal(
        List<Cipher> ciphers,
        List<Integrity> integrity,
        List<Prf> prfs,
        List<Group> groups,
        List<List<Group>> additional) {
    /// RFC 9370, 2.2.2: Additional Key Exchange 1 to 7.
    public static final int MOST_ADDITIONAL = 7;

    public IkeProposal {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        prfs = List.copyOf(prfs);
        groups = List.copyOf(groups);
        additional = additional.stream().map(List::copyOf).toList();
        if (additional.size() > MOST_ADDITIONAL) {
            throw new IllegalArgumentException(additional.size() + " additional key exchanges");
        }
        if (ciphers.isEmpty() || prfs.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException("an IKE proposal needs a cipher, a PRF and a group");
        }
    }

    /// With one key exchange.
    public IkeProposal(
            List<Cipher> ciphers, List<Integrity> integrity, List<Prf> prfs, List<Group> groups) {
        this(ciphers, integrity, prfs, groups, List.of());
    }

    /// Whether no peer can take it without a further key exchange.
    public boolean needsAdditional() {
        return AdditionalWords.isNeeded(additional);
    }

    /// As strongSwan writes it: `aes128-sha1-modp1024`, `...-x25519-ke1_mlkem768`.
    @Override
    public String toString() {
        List<Prf> implied = integrity.stream().map(Prf::of).toList();
        Stream<?> prfWords = implied.equals(prfs) ? Stream.empty() : prfs.stream();
        return Stream.of(
                        ciphers.stream(),
                        integrity.stream(),
                        prfWords,
                        groups.stream(),
                        AdditionalWords.of(additional))
                .flatMap(s -> s)
                .map(Object::toString)
                .collect(Collectors.joining("-"));
    }
}
