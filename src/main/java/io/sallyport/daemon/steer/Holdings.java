package io.sallyport.daemon.steer;

import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.spec.VpnSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Everything that is wanted: what files say, and what vici clients loaded beside it. Either may
/// change without touching the other; a name belongs to whoever had it first. Any thread.
public final class Holdings {
    private final Consumer<VpnSpec> apply;
    private VpnSpec files = VpnSpec.EMPTY;
    private VpnSpec clients = VpnSpec.EMPTY;

    /// @param apply makes it so, and returns when it is
    public Holdings(Consumer<VpnSpec> apply) {
        this.apply = apply;
    }

    /// @return why not: then nothing changed
    public synchronized Optional<String> ofFiles(VpnSpec wanted) {
        Optional<String> clash = clash(wanted, clients);
        if (clash.isEmpty()) {
            files = wanted;
            apply.accept(joined());
        }
        return clash;
    }

    /// @return why not: then nothing changed
    public synchronized Optional<String> ofClients(VpnSpec wanted) {
        Optional<String> clash = clash(wanted, files);
        if (clash.isEmpty()) {
            clients = wanted;
            apply.accept(joined());
        }
        return clash;
    }

    /// What files call modules of PKCS#11: clients may use these names.
    public synchronized List<ModuleSpec> modules() {
        return files.modules();
    }

    private static Optional<String> clash(VpnSpec wanted, VpnSpec other) {
        if (other.connections().isEmpty()) {
            return Optional.empty();
        }
        Set<String> names =
                wanted.connections().stream().map(ConnectionSpec::name).collect(Collectors.toSet());
        return other.connections().stream()
                .filter(there -> names.contains(there.name()))
                .findFirst()
                .map(there ->
                        "there is a connection "
                                + there.name()
                                + " already, from "
                                + there.origin());
    }

    /// What is known about CAs, of files and of clients.
    public synchronized List<AuthoritySpec> authorities() {
        return both(files.authorities(), clients.authorities());
    }

    private VpnSpec joined() {
        return new VpnSpec(
                both(files.connections(), clients.connections()),
                both(files.secrets(), clients.secrets()),
                both(files.keys(), clients.keys()),
                both(files.certificates(), clients.certificates()),
                both(files.pools(), clients.pools()),
                both(files.authorities(), clients.authorities()),
                both(files.modules(), clients.modules()));
    }

    private static <T> List<T> both(List<T> a, List<T> b) {
        List<T> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
