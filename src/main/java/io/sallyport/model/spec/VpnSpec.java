package io.sallyport.model.spec;

import java.util.List;

/// Everything that one or several configuration files want.
public record VpnSpec(
        List<ConnectionSpec> connections,
        List<SharedSecret> secrets,
        List<PrivateKeySpec> keys,
        List<CertificateSpec> certificates,
        List<PoolSpec> pools,
        List<AuthoritySpec> authorities,
        List<ModuleSpec> modules) {
    public static final VpnSpec EMPTY = new VpnSpec(List.of(), List.of());

    public VpnSpec {
        connections = List.copyOf(connections);
        secrets = List.copyOf(secrets);
        keys = List.copyOf(keys);
        certificates = List.copyOf(certificates);
        pools = List.copyOf(pools);
        authorities = List.copyOf(authorities);
        modules = List.copyOf(modules);
    }

    /// Without tokens.
    public VpnSpec(
            List<ConnectionSpec> connections,
            List<SharedSecret> secrets,
            List<PrivateKeySpec> keys,
            List<CertificateSpec> certificates,
            List<PoolSpec> pools,
            List<AuthoritySpec> authorities) {
        this(connections, secrets, keys, certificates, pools, authorities, List.of());
    }

    /// Connections by pre-shared key.
    public VpnSpec(List<ConnectionSpec> connections, List<SharedSecret> secrets) {
        this(connections, secrets, List.of(), List.of(), List.of(), List.of());
    }
}
