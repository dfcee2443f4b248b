package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.cli.console.Quantity;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Waits until tunnels are up, telling of each.
record TunnelWait(Console console, Duration timeout) {
    private static final Duration STEP = Duration.ofMillis(100);

    /// The connections that a daemon means to have up.
    static Set<String> wanted(StatusView status) {
        Set<String> wanted = new LinkedHashSet<>();
        for (TunnelView tunnel : status.tunnels()) {
            if (tunnel.state().name() != TunnelState.DOWN) {
                wanted.add(tunnel.connection());
            }
        }
        return wanted;
    }

    /// @param connections all of whose tunnels are waited for
    /// @throws Trouble if one of them is not up in time
    void await(ControlClient daemon, Set<String> connections) throws Trouble {
        Set<String> told = new HashSet<>();
        long begin = console.time().nanos();
        while (true) {
            List<TunnelView> late = new ArrayList<>();
            for (TunnelView tunnel : daemon.status().tunnels()) {
                if (!connections.contains(tunnel.connection())) {
                    continue;
                }
                if (!tunnel.state().name().settled()) {
                    late.add(tunnel);
                } else if (told.add(tunnel.title())) {
                    tell(tunnel, console.time().nanos() - begin);
                }
            }
            if (late.isEmpty()) {
                return;
            }
            boolean over = console.time().nanos() - begin >= timeout.toNanos();
            if (over || !console.time().pause(STEP)) {
                throw tooLate(late);
            }
        }
    }

    private void tell(TunnelView tunnel, long nanos) {
        TunnelState state = tunnel.state().name();
        String after = state == TunnelState.UP ? " after " + Quantity.millis(nanos / 1e6) : "";
        console.out().println(Printable.of(tunnel.title()) + ": " + state + after);
        console.out().flush();
    }

    private Trouble tooLate(List<TunnelView> late) {
        List<String> each = new ArrayList<>();
        for (TunnelView tunnel : late) {
            String why = tunnel.state().lastFailure();
            each.add(
                    tunnel.title()
                            + " is "
                            + tunnel.state().name()
                            + (why.isEmpty() ? "" : ": " + why));
        }
        return new Trouble(
                Exit.LATER,
                Printable.of(
                        "not up after " + timeout.toSeconds() + " s: " + String.join("; ", each)),
                "the daemon goes on trying; see `sallyport status` and `sallyport log`");
    }
}
