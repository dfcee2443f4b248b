package io.sallyport.model.spec;

import java.util.List;

/// One end of a connection: where it is, who it is, how it proves that.
///
/// @param addresses the first is called; as responder any of them will do
/// @param port of IKE; after a NAT is seen it is 4500 unless another was said
/// @param rounds of authentication, at least one
public record PeerSpec(List<AddressSpec> addresses, int port, List<AuthSpec> rounds) {
    /// RFC 7296, 2: IKE listens on UDP port 500.
    public static final int IKE_PORT = 500;

    public PeerSpec {
        addresses = List.copyOf(addresses);
        rounds = List.copyOf(rounds);
        if (addresses.isEmpty() || rounds.isEmpty() || port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("an end of " + addresses + ", port " + port);
        }
    }

    /// One address, a pre-shared key.
    public static PeerSpec psk(AddressSpec address, Identity identity) {
        return new PeerSpec(List.of(address), IKE_PORT, List.of(new AuthSpec.Psk(identity)));
    }

    /// The address that is called.
    public AddressSpec address() {
        return addresses.getFirst();
    }

    /// The first round.
    public AuthSpec auth() {
        return rounds.getFirst();
    }

    /// The IKE identity, which the first round has.
    public Identity identity() {
        return auth().identity();
    }

    public PeerSpec at(AddressSpec address) {
        return new PeerSpec(List.of(address), port, rounds);
    }
}
