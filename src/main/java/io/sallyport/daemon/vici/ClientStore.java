package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.config.swanctl.SwanctlLowering;
import io.sallyport.config.syntax.Findings;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.store.OnTokens;
import io.sallyport.daemon.steer.Holdings;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.vpn.pool.LeasePool;
import io.sallyport.vpn.pool.LeasePools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What vici clients loaded, by name. Any thread, one at a time.
final class ClientStore {
    /// Where what clients load comes from.
    static final Origin ORIGIN = new Origin("vici", 0);

    private final Holdings holdings;
    private final ConnReading reading;
    private final Supplier<OnTokens> tokens;
    private final Supplier<List<LeasePools.View>> pooled;
    private final LogRing log;
    private final Map<String, ConnectionSpec> connections = new LinkedHashMap<>();
    private final Map<String, PoolSpec> pools = new LinkedHashMap<>();
    private final Map<String, AuthoritySpec> authorities = new LinkedHashMap<>();
    private List<SharedSecret> secrets = List.of();
    private List<PrivateKeySpec> keys = List.of();
    private List<CertificateSpec> certificates = List.of();

    /// @param tokens by the modules that are named now
    /// @param pooled all pools with their leases, those of files included
    /// @param log hears what is taken with a reservation
    ClientStore(
            Holdings holdings,
            ConnReading reading,
            Supplier<OnTokens> tokens,
            Supplier<List<LeasePools.View>> pooled,
            LogRing log) {
        this.holdings = holdings;
        this.reading = reading;
        this.tokens = tokens;
        this.pooled = pooled;
        this.log = log;
    }

    /// @return why not: then nothing changed
    private Optional<String> commit() {
        return holdings.ofClients(
                new VpnSpec(
                        List.copyOf(connections.values()),
                        secrets,
                        keys,
                        certificates,
                        List.copyOf(pools.values()),
                        List.copyOf(authorities.values())));
    }

    /// Everything that proves who somebody is, in place of what was there.
    synchronized void use(
            List<SharedSecret> shared, List<PrivateKeySpec> pairs, List<CertificateSpec> loaded) {
        secrets = List.copyOf(shared);
        keys = List.copyOf(pairs);
        certificates = List.copyOf(loaded);
        commit();
    }

    // ---- connections

    /// One or several; those before the first that is wrong stay.
    synchronized ViciMessage loadConnections(ViciMessage request) {
        List<ConnectionSpec> read = new ArrayList<>();
        List<LogLine> warnings = new ArrayList<>();
        for (Element.Section section : request.sections()) {
            switch (reading.read(section)) {
                case ConnReading.Result.Bad(String why) -> {
                    return Replies.failed(load(read).orElse(why) + ", config discarded");
                }
                case ConnReading.Result.Good(ConnectionSpec spec, List<LogLine> told) -> {
                    read.add(spec);
                    warnings.addAll(told);
                }
            }
        }
        Optional<String> clash = load(read);
        if (clash.isPresent()) {
            return Replies.failed(clash.get() + ", config discarded");
        }
        warnings.forEach(log::add);
        return Replies.done();
    }

    /// Several are made so at once: each alone takes a walk over all that is configured.
    private Optional<String> load(List<ConnectionSpec> specs) {
        Map<String, ConnectionSpec> before = new LinkedHashMap<>(connections);
        specs.forEach(spec -> connections.put(spec.name(), spec));
        Optional<String> clash = specs.isEmpty() ? Optional.empty() : commit();
        if (clash.isEmpty()) {
            return clash;
        }
        connections.clear();
        connections.putAll(before);
        if (specs.size() == 1) {
            return clash;
        }
        for (ConnectionSpec spec : specs) {
            Optional<String> its = load(List.of(spec));
            if (its.isPresent()) {
                return its;
            }
        }
        return Optional.empty();
    }

    synchronized ViciMessage unloadConnection(ViciMessage request) {
        Optional<String> name = request.text("name");
        if (name.isEmpty()) {
            return Replies.failed("unload: missing connection name");
        }
        if (connections.remove(name.get()) == null) {
            return Replies.failed("unload: connection '" + name.get() + "' not found");
        }
        commit();
        return Replies.done();
    }

    // ---- pools

    synchronized ViciMessage loadPools(ViciMessage request) {
        for (Element.Section section : request.sections()) {
            switch (PoolReading.read(section)) {
                case PoolReading.Result.Bad(String why) -> {
                    return Replies.failed(why);
                }
                case PoolReading.Result.Good(PoolSpec pool) -> {
                    PoolSpec before = pools.get(pool.name());
                    if (before != null
                            && !before.addresses().equals(pool.addresses())
                            && online(pool.name()) > 0) {
                        return Replies.failed(
                                "vici pool "
                                        + pool.name()
                                        + " has "
                                        + online(pool.name())
                                        + " online leases, unable to replace");
                    }
                    pools.put(pool.name(), pool);
                }
            }
        }
        commit();
        return Replies.done();
    }

    synchronized ViciMessage unloadPool(ViciMessage request) {
        Optional<String> name = request.text("name");
        if (name.isEmpty()) {
            return Replies.failed("missing pool name to unload");
        }
        if (!pools.containsKey(name.get())) {
            return Replies.failed(name.get() + " not found");
        }
        if (online(name.get()) > 0) {
            return Replies.failed(name.get() + " has online leases, unable to unload");
        }
        pools.remove(name.get());
        commit();
        return Replies.done();
    }

    private long online(String pool) {
        return pooled.get().stream()
                .filter(p -> p.name().equals(pool))
                .mapToLong(LeasePools.View::online)
                .sum();
    }

    ViciMessage pools(ViciMessage request) {
        Optional<String> name = request.text("name");
        ViciMessage.Builder to = ViciMessage.with();
        for (LeasePools.View pool : pooled.get()) {
            if (name.isEmpty() || name.get().equals(pool.name())) {
                ViciMessage.Builder its = ViciMessage.with();
                its.put("base", pool.base().toString());
                its.put("size", pool.size());
                its.put("online", pool.online());
                its.put("offline", pool.offline());
                if (request.flag("leases")) {
                    its.section("leases", leases(pool));
                }
                to.section(pool.name(), its.done());
            }
        }
        return to.done();
    }

    private static ViciMessage leases(LeasePools.View pool) {
        ViciMessage.Builder to = ViciMessage.with();
        int number = 0;
        for (LeasePool.View lease : pool.leases()) {
            to.section(
                    Integer.toString(number++),
                    ViciMessage.with()
                            .put("address", lease.address().toString())
                            .put("identity", lease.holder().toString())
                            .put("status", lease.online() ? "online" : "offline")
                            .done());
        }
        return to.done();
    }

    // ---- authorities

    synchronized ViciMessage loadAuthorities(ViciMessage request) {
        for (Element.Section section : request.sections()) {
            Optional<String> wrong = load(section);
            if (wrong.isPresent()) {
                return Replies.failed(wrong.get());
            }
        }
        commit();
        return Replies.done();
    }

    private Optional<String> load(Element.Section section) {
        for (Element element : section.content().elements()) {
            switch (element.name()) {
                case "cacert",
                        "handle",
                        "slot",
                        "module",
                        "crl_uris",
                        "ocsp_uris",
                        "cert_uri_base" -> {}
                default -> {
                    return Optional.of(
                            "unknown option: " + element.name() + ", authority discarded");
                }
            }
        }
        Optional<Octets> certificate = section.content().octets("cacert");
        Optional<String> handle = section.content().text("handle");
        if (certificate.isEmpty() && handle.isPresent()) {
            try {
                certificate = Optional.of(onToken(handle.get(), section.content()));
            } catch (BadCredential e) {
                return Optional.of("invalid value for: handle, authority discarded: " + e.why());
            }
        }
        if (certificate.isEmpty()) {
            return Optional.of("CA certificate missing: " + section.name());
        }
        if (Certificates.parse(certificate.get()).isEmpty()) {
            return Optional.of("invalid value for: cacert, authority discarded");
        }
        authorities.put(
                section.name(),
                new AuthoritySpec(
                        section.name(),
                        new KeySource.Inline(certificate.get(), ORIGIN),
                        texts(section.content().items("crl_uris")),
                        texts(section.content().items("ocsp_uris")),
                        section.content().text("cert_uri_base").orElse(""),
                        ORIGIN));
        return Optional.empty();
    }

    /// Read once, as charon does: it is trusted also when its token is gone.
    private Octets onToken(String handle, ViciMessage said) throws BadCredential {
        Findings findings = new Findings();
        Optional<KeySource.Token> at =
                SwanctlLowering.token(
                        handle,
                        said.text("slot").orElse(""),
                        said.text("module").orElse(""),
                        ORIGIN,
                        findings);
        if (at.isEmpty()) {
            throw new BadCredential(findings.list().getFirst().message());
        }
        return tokens.get().certificate(at.get());
    }

    private static List<String> texts(List<Octets> items) {
        return items.stream().map(Octets::text).toList();
    }

    synchronized ViciMessage unloadAuthority(ViciMessage request) {
        Optional<String> name = request.text("name");
        if (name.isEmpty()) {
            return Replies.failed("unload: missing authority name");
        }
        if (authorities.remove(name.get()) == null) {
            return Replies.failed("unload: authority '" + name.get() + "' not found");
        }
        commit();
        return Replies.done();
    }

    synchronized ViciMessage authorities() {
        return ViciMessage.with().list("authorities", List.copyOf(authorities.keySet())).done();
    }
}
