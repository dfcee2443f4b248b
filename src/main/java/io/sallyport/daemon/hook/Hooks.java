package io.sallyport.daemon.hook;

import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.spec.child.HookSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The program of each child that has one, as the configuration of now says. It is read once, not
/// for each SA: of a hundred thousand children each comes by itself. One thread.
final class Hooks {
    private final Supplier<VpnSpec> now;
    private final Map<Child, HookSpec> hooks = new HashMap<>();
    private VpnSpec read = VpnSpec.EMPTY;

    private record Child(String connection, String name) {}

    Hooks(Supplier<VpnSpec> now) {
        this.now = now;
    }

    Optional<HookSpec> of(Owner owner) {
        VpnSpec vpn = now.get();
        // a configuration is replaced, never changed
        if (!isRead(vpn)) {
            hooks.clear();
            vpn.connections().forEach(this::read);
            read = vpn;
        }
        return Optional.ofNullable(hooks.get(new Child(owner.connection(), owner.child())));
    }

    @SuppressWarnings("ReferenceEquality") // to compare by value is to read it all again
    private boolean isRead(VpnSpec vpn) {
        return read == vpn;
    }

    private void read(ConnectionSpec connection) {
        for (ChildSpec child : connection.children()) {
            HookSpec hook = child.options().hook();
            if (hook.runs()) {
                hooks.putIfAbsent(new Child(connection.name(), child.name()), hook);
            }
        }
    }
}
