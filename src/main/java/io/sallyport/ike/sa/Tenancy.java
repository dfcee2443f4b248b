package io.sallyport.ike.sa;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.select.Narrowing;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.AddressPools.Lease;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Virtual addresses between us and one peer: those that we lend it, and those that it lends us.
/// They belong to the connection, so that neither a rekeying nor a new authentication changes them;
/// they go with its last IKE SA.
final class Tenancy {
    private final EngineContext context;
    private final ConnectionSpec spec;
    private final List<Lease> lent = new ArrayList<>();
    private List<IpAddress> borrowed = List.of();
    private List<IpAddress> dns = List.of();

    Tenancy(EngineContext context, ConnectionSpec spec) {
        this.context = context;
        this.spec = spec;
    }

    /// An address for the peer: the one of this family that it has, or another lease.
    ///
    /// @param wish the any address: one of its family
    Optional<IpAddress> lend(Identity peer, IpAddress wish) {
        Optional<IpAddress> has =
                lent.stream().map(Lease::address).filter(a -> a.v6() == wish.v6()).findFirst();
        return has.or(() -> {
            Optional<Lease> fresh = context.pools().lend(spec.addressing().pools(), peer, wish);
            fresh.ifPresent(lease -> {
                lent.add(lease);
                context.tell(
                        new Event.AddressLent(
                                spec.name(), peer.toString(), lease.pool(), lease.address()));
            });
            return fresh.map(Lease::address);
        });
    }

    /// As configured; of a family that we have an address of, that one.
    List<IpAddress> toAskFor() {
        return spec.addressing().asked().stream()
                .map(asked ->
                        borrowed.stream()
                                .filter(a -> a.v6() == asked.v6())
                                .findFirst()
                                .orElse(asked))
                .distinct()
                .toList();
    }

    void borrow(List<IpAddress> addresses, List<IpAddress> servers) {
        if (!addresses.equals(borrowed) || !servers.equals(dns)) {
            borrowed = List.copyOf(addresses);
            dns = List.copyOf(servers);
            context.tell(new Event.AddressesBorrowed(spec.name(), borrowed, dns));
        }
    }

    boolean borrowsNothing() {
        return borrowed.isEmpty();
    }

    /// What the two ends are where a selector says `dynamic`. Who is to be lent an address stands
    /// for all of its family until it has one.
    Narrowing.Ends ends(Path path) {
        List<IpAddress> ours = borrowed.isEmpty() ? spec.addressing().asked() : borrowed;
        List<IpAddress> theirs = lent.stream().map(Lease::address).toList();
        return new Narrowing.Ends(
                ours.isEmpty() ? List.of(path.local().address()) : ours,
                theirs.isEmpty() ? List.of(path.remote().address()) : theirs);
    }

    /// Nobody is there any more who could use them.
    void end() {
        lent.forEach(context.pools()::giveBack);
        lent.clear();
        if (!borrowed.isEmpty()) {
            borrowed = List.of();
            dns = List.of();
            context.tell(new Event.AddressesReturned(spec.name()));
        }
    }

    List<IpAddress> lent() {
        return lent.stream().map(Lease::address).toList();
    }

    List<IpAddress> borrowed() {
        return borrowed;
    }
}
