package io.sallyport.crypto.suite;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one configured proposal allows for an IKE SA; each list in order of preference. IKEv1
/// offers every combination as a transform of its own, IKEv2 the lists as they are. With an AEAD
/// `integrity` is empty.
public record IkeProposal(
        List<Cipher> ciphers, List<Integrity> integrity, List<Prf> prfs, List<Group> groups) {
    public IkeProposal {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        prfs = List.copyOf(prfs);
        groups = List.copyOf(groups);
        if (ciphers.isEmpty() || prfs.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException("an IKE proposal needs a cipher, a PRF and a group");
        }
    }

    /// As strongSwan writes it: `aes128-sha1-modp1024`.
    @Override
    public String toString() {
        List<Prf> implied = integrity.stream().map(Prf::of).toList();
        Stream<?> prfWords = implied.equals(prfs) ? Stream.empty() : prfs.stream();
        return Stream.of(ciphers.stream(), integrity.stream(), prfWords, groups.stream())
                .flatMap(s -> s)
                .map(Object::toString)
                .collect(Collectors.joining("-"));
    }
}
