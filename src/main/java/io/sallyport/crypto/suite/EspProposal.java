package io.sallyport.crypto.suite;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one configured proposal allows for a child SA. `groups` empty: no PFS. `integrity` empty:
/// AEAD only. With AH the one cipher is NULL.
///
/// @param outer with ESP: what an AH round it may use; empty: no AH
public record EspProposal(
        List<Cipher> ciphers,
        List<Integrity> integrity,
        List<Group> groups,
        boolean esn,
        SaProtocol protocol,
        List<Integrity> outer) {
    /// One protocol alone.
    public EspProposal(
            List<Cipher> ciphers,
            List<Integrity> integrity,
            List<Group> groups,
            boolean esn,
            SaProtocol protocol) {
        this(ciphers, integrity, groups, esn, protocol, List.of());
    }

    /// For ESP.
    public EspProposal(
            List<Cipher> ciphers, List<Integrity> integrity, List<Group> groups, boolean esn) {
        this(ciphers, integrity, groups, esn, SaProtocol.ESP);
    }

    /// For AH.
    public static EspProposal ah(List<Integrity> integrity, List<Group> groups, boolean esn) {
        return new EspProposal(
                List.of(Cipher.of(Encryption.NULL)), integrity, groups, esn, SaProtocol.AH);
    }

    /// This ESP with AH round it.
    public EspProposal within(List<Integrity> ah) {
        return new EspProposal(ciphers, integrity, groups, esn, protocol, ah);
    }

    public EspProposal {
        outer = List.copyOf(outer);
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        groups = List.copyOf(groups);
        if (ciphers.isEmpty()) {
            throw new IllegalArgumentException("an ESP proposal needs a cipher");
        }
    }

    @Override
    public String toString() {
        Stream<?> first = protocol == SaProtocol.AH ? Stream.of("ah") : ciphers.stream();
        return Stream.of(first, integrity.stream(), groups.stream())
                        .flatMap(s -> s)
                        .map(Object::toString)
                        .collect(Collectors.joining("-"))
                + (esn ? "-esn" : "")
                + outer.stream().map(i -> "+ah-" + i).collect(Collectors.joining());
    }
}
