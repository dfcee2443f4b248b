package io.sallyport.daemon.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.testkit.Specs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which program a child has, by the configuration of now.
class HooksTest {
    private VpnSpec now = VpnSpec.EMPTY;
    private final Hooks hooks = new Hooks(() -> now);

    private static ConnectionSpec with(HookSpec hook) {
        ConnectionSpec c = new Specs().v2().build();
        ChildSpec child = c.children().getFirst();
        return c.with(
                List.of(
                        new ChildSpec(
                                child.name(),
                                child.mode(),
                                child.proposals(),
                                child.selectors(),
                                child.lifetime(),
                                child.actions(),
                                child.link(),
                                child.options().with(hook))));
    }

    @Test
    void aReloadChangesThem() {
        ConnectionSpec first = with(new HookSpec("/bin/first", false));
        String child = first.children().getFirst().name();
        Owner owner = new Owner(first.name(), child, "");
        assertEquals(Optional.empty(), hooks.of(owner));
        now = new VpnSpec(List.of(first), List.of());
        assertEquals(Optional.of(new HookSpec("/bin/first", false)), hooks.of(owner));
        assertEquals(hooks.of(owner), hooks.of(new Owner(first.name(), child, "tun7")));
        assertEquals(Optional.empty(), hooks.of(new Owner(first.name(), "other", "")));
        assertEquals(Optional.empty(), hooks.of(new Owner("other", child, "")));
        now = new VpnSpec(List.of(with(new HookSpec("/bin/second", true))), List.of());
        assertEquals(Optional.of(new HookSpec("/bin/second", true)), hooks.of(owner));
        now = new VpnSpec(List.of(with(new HookSpec("ipsec _updown iptables", false))), List.of());
        assertEquals(Optional.empty(), hooks.of(owner), "strongSwan's own is not run");
        now = VpnSpec.EMPTY;
        assertEquals(Optional.empty(), hooks.of(owner));
    }
}
