package io.sallyport.model.spec;

import java.util.List;

/// One peer relation: who, how, and the child SAs it carries.
public record ConnectionSpec(
        String name,
        PeerSpec local,
        PeerSpec remote,
        IkeSpec ike,
        AddressingSpec addressing,
        List<ChildSpec> children,
        Origin origin) {
    public ConnectionSpec {
        children = List.copyOf(children);
    }

    /// Without virtual addresses.
    public ConnectionSpec(
            String name,
            PeerSpec local,
            PeerSpec remote,
            IkeSpec ike,
            List<ChildSpec> children,
            Origin origin) {
        this(name, local, remote, ike, AddressingSpec.NONE, children, origin);
    }

    /// Whether IKE has anything to do: a connection of nothing but manual keys, and of packets that
    /// pass or are dropped, has no IKE SA.
    public boolean negotiates() {
        return children.isEmpty() || children.stream().anyMatch(ChildSpec::negotiates);
    }

    public ConnectionSpec with(List<ChildSpec> others) {
        return new ConnectionSpec(name, local, remote, ike, addressing, others, origin);
    }

    public ConnectionSpec from(Origin other) {
        return new ConnectionSpec(name, local, remote, ike, addressing, children, other);
    }
}
