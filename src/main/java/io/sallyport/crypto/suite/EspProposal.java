package io.sallyport.crypto.suite;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one configured proposal allows for a child SA. `groups` empty: no PFS. `integrity` empty:
/// AEAD only. With AH the one cipher is NULL.
///
/// @param outer with ESP: what an AH round it may use; empty: no AH
/// @param additional further key exchanges after that of `groups`, as in [IkeProposal]
public record EspProposal(
        List<Cipher> ciphers,
        List<Integrity> integrity,
        List<Group> groups,
        boolean esn,
        SaProtocol protocol,
        List<Integrity> outer,
        List<List<Group>> additional) {
    /// With one key exchange, or none.
    public EspProposal(
            List<Cipher> ciphers,
            List<Integrity> integrity,
            List<Group> groups,
            boolean esn,
            SaProtocol protocol,
            List<Integrity> outer) {
        this(ciphers, integrity, groups, esn, protocol, outer, List.of());
    }

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
        return new EspProposal(ciphers, integrity, groups, esn, protocol, ah, additional);
    }

    /// This with further key exchanges (RFC 9370).
    public EspProposal with(List<List<Group>> further) {
        return new EspProposal(ciphers, integrity, groups, esn, protocol, outer, further);
    }

    /// Whether no peer can take it without a further key exchange.
    public boolean needsAdditional() {
        return AdditionalWords.isNeeded(additional);
    }

    public EspProposal {
        outer = List.copyOf(outer);
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        groups = List.copyOf(groups);
        additional = additional.stream().map(List::copyOf).toList();
        if (!additional.isEmpty() && groups.stream().allMatch(g -> g == Group.NONE)) {
            throw new IllegalArgumentException("additional key exchanges without a first one");
        }
        if (ciphers.isEmpty()) {
            throw new IllegalArgumentException("an ESP proposal needs a cipher");
        }
    }

    @Override
    public String toString() {
        Stream<?> first = protocol == SaProtocol.AH ? Stream.of("ah") : ciphers.stream();
        return Stream.of(first, integrity.stream(), groups.stream(), AdditionalWords.of(additional))
                        .flatMap(s -> s)
                        .map(Object::toString)
                        .collect(Collectors.joining("-"))
                + (esn ? "-esn" : "")
                + outer.stream().map(i -> "+ah-" + i).collect(Collectors.joining());
    }
}
