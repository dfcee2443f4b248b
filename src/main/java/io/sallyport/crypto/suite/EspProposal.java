package io.sallyport.crypto.suite;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one configured proposal allows for a child SA. `groups` empty: no PFS. `integrity` empty:
/// AEAD only.
public record EspProposal(
        List<Cipher> ciphers, List<Integrity> integrity, List<Group> groups, boolean esn) {
    public EspProposal {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        groups = List.copyOf(groups);
        if (ciphers.isEmpty()) {
            throw new IllegalArgumentException("an ESP proposal needs a cipher");
        }
    }

    @Override
    public String toString() {
        return Stream.of(ciphers.stream(), integrity.stream(), groups.stream())
                        .flatMap(s -> s)
                        .map(Object::toString)
                        .collect(Collectors.joining("-"))
                + (esn ? "-esn" : "");
    }
}
