package io.sallyport.model.spec;

import java.util.List;

/// One peer relation: who, how, and the child SAs it carries.
public record ConnectionSpec(
        String name,
        PeerSpec local,
        PeerSpec remote,
        IkeSpec ike,
        List<ChildSpec> children,
        Origin origin) {
    public ConnectionSpec {
        children = List.copyOf(children);
    }
}
