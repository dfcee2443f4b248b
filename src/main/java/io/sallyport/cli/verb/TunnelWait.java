package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.cli.console.Quantity;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Waits until tunnels are up, telling of each.
///
/// @param timeout zero: does not wait at all
record TunnelWait(Console console, Duration timeout) {
    private static final Duration STEP = Duration.ofMillis(100);

    /// @param connections all of whose tunnels are waited for
    /// @throws Trouble if one of them is not up in time
    void await(ControlClient daemon, Collection<String> connections) throws Trouble {
        if (timeout.isZero()) {
            return;
        }
        Set<String> told = new HashSet<>();
        long begin = console.time().nanos();
        while (true) {
            List<String> late = new ArrayList<>();
            Set<String> unknown = new LinkedHashSet<>(connections);
            for (TunnelView tunnel : daemon.status().tunnels()) {
                unknown.remove(tunnel.connection());
                if (!connections.contains(tunnel.connection())) {
                    continue;
                }
                if (!tunnel.state().name().settled()) {
                    late.add(described(tunnel));
                } else if (told.add(tunnel.title())) {
                    tell(tunnel, console.time().nanos() - begin);
                }
            }
            // A daemon answers before it has loaded all.
            unknown.forEach(name -> late.add(name + " is not loaded"));
            if (late.isEmpty()) {
                return;
            }
            boolean over = console.time().nanos() - begin >= timeout.toNanos();
            if (over || !console.time().pause(STEP)) {
                throw tooLate(late);
            }
        }
    }

    private static String described(TunnelView tunnel) {
        String why = tunnel.state().lastFailure();
        return tunnel.title() + " is " + tunnel.state().name() + (why.isEmpty() ? "" : ": " + why);
    }

    private void tell(TunnelView tunnel, long nanos) {
        TunnelState state = tunnel.state().name();
        String after = state == TunnelState.UP ? " after " + Quantity.millis(nanos / 1e6) : "";
        console.out().println(Printable.of(tunnel.title()) + ": " + state + after);
        console.out().flush();
    }

    private Trouble tooLate(List<String> late) {
        return new Trouble(
                Exit.LATER,
                Printable.of(
                        "not up after " + timeout.toSeconds() + " s: " + String.join("; ", late)),
                "the daemon goes on trying; see `sallyport status` and `sallyport log`");
    }
}
