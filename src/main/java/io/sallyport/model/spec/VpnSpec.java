package io.sallyport.model.spec;

import java.util.List;

/// Everything that one or several configuration files want.
public record VpnSpec(List<ConnectionSpec> connections, List<SharedSecret> secrets) {
    public static final VpnSpec EMPTY = new VpnSpec(List.of(), List.of());

    public VpnSpec {
        connections = List.copyOf(connections);
        secrets = List.copyOf(secrets);
    }
}
