package io.sallyport.ike.sa;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All sessions of an engine by our SPI, and the count of those that a peer began and has not
/// proved to mean.
public final class SaTable {
    private final Map<Long, Entry> bySpi = new HashMap<>();

    /// Responder sessions by what the first message shows: its initiator SPI and where it came
    /// from.
    private final Map<First, Entry> byFirst = new HashMap<>();

    /// By our SPI, what [#byFirst] knows a half-open session by.
    private final Map<Long, First> firsts = new HashMap<>();

    private final SpiSieve sieve = new SpiSieve();

    /// Half-open sessions of each address, the oldest first.
    private final Map<IpAddress, Set<First>> halfOpen = new HashMap<>();

    /// Half-open sessions, the oldest first, without those that were seen to have gone on.
    private final Set<First> young = new LinkedHashSet<>();

    /// By our SPI, whom an established session is with, and how many there are of each.
    private final Map<Long, IpAddress> talksTo = new HashMap<>();

    private final Map<IpAddress, Integer> talking = new HashMap<>();

    /// A session and whom it belongs to.
    public record Entry(IkeSession session, Connection connection, Endpoint from) {}

    private record First(long initiatorSpi, Endpoint from) {}

    public boolean isTaken(long spi) {
        return spi == 0 || bySpi.containsKey(spi);
    }

    /// Our SPIs, for the thread that receives.
    public SpiSieve sieve() {
        return sieve;
    }

    public void addInitiator(IkeSession session, Connection connection) {
        add(new Entry(session, connection, session.path().remote()));
    }

    private void add(Entry entry) {
        if (bySpi.put(entry.session().ourSpi(), entry) == null) {
            sieve.add(entry.session().ourSpi(), bySpi.keySet());
        }
    }

    public void addResponder(IkeSession session, Connection connection, long initiatorSpi) {
        Endpoint from = session.path().remote();
        Entry entry = new Entry(session, connection, from);
        add(entry);
        First first = new First(initiatorSpi, from);
        byFirst.put(first, entry);
        firsts.put(session.ourSpi(), first);
        young.add(first);
        halfOpen.computeIfAbsent(from.address(), _ -> new LinkedHashSet<>()).add(first);
    }

    /// The session turned out to belong to another connection.
    public void rebind(IkeSession session, Connection connection) {
        Entry old = bySpi.get(session.ourSpi());
        if (old != null) {
            Entry fresh = new Entry(session, connection, old.from());
            bySpi.put(session.ourSpi(), fresh);
            First first = firsts.get(session.ourSpi());
            if (first != null) {
                byFirst.put(first, fresh);
            }
        }
    }

    /// The session that a message with these SPIs belongs to.
    public Optional<Entry> find(long initiatorSpi, long responderSpi) {
        Entry entry = bySpi.get(responderSpi);
        if (entry == null || entry.session().initiator()) {
            entry = bySpi.get(initiatorSpi);
            if (entry != null && !entry.session().initiator()) {
                entry = null;
            }
        }
        return Optional.ofNullable(entry);
    }

    public Optional<Entry> byOurSpi(long spi) {
        return Optional.ofNullable(bySpi.get(spi));
    }

    /// The session that a repeated first message belongs to.
    public Optional<Entry> findFirst(long initiatorSpi, Endpoint from) {
        return Optional.ofNullable(byFirst.get(new First(initiatorSpi, from)));
    }

    /// A session is no longer half-open, but established.
    public void established(IkeSession session) {
        decided(session);
        IpAddress peer = session.path().remote().address();
        talksTo.put(session.ourSpi(), peer);
        talking.merge(peer, 1, Integer::sum);
    }

    private void decided(IkeSession session) {
        First first = firsts.remove(session.ourSpi());
        if (first != null) {
            byFirst.remove(first);
            young.remove(first);
            IpAddress from = first.from().address();
            Set<First> its = halfOpen.get(from);
            if (its != null && its.remove(first) && its.isEmpty()) {
                halfOpen.remove(from);
            }
        }
    }

    /// The peer of a session is elsewhere.
    public void moved(IkeSession session) {
        IpAddress was = talksTo.get(session.ourSpi());
        if (was != null && !was.equals(session.path().remote().address())) {
            ended(session);
            established(session);
        }
    }

    /// A session is no longer established; it may still have to tell the peer so.
    void ended(IkeSession session) {
        IpAddress peer = talksTo.remove(session.ourSpi());
        if (peer != null) {
            talking.computeIfPresent(peer, (_, n) -> n > 1 ? n - 1 : null);
        }
    }

    public void remove(IkeSession session) {
        decided(session);
        ended(session);
        if (bySpi.remove(session.ourSpi()) != null) {
            sieve.remove(session.ourSpi());
        }
    }

    /// Whether an IKE SA with this address is established, of whichever connection.
    public boolean isTalkingTo(IpAddress peer) {
        return talking.containsKey(peer);
    }

    /// The oldest session of this address that is barely begun: it goes first where there are too
    /// many.
    public Optional<IkeSession> oldestBarelyBegun(IpAddress from) {
        for (First first : halfOpen.getOrDefault(from, Set.of())) {
            Entry entry = byFirst.get(first);
            if (entry != null && entry.session().isBarelyBegun()) {
                return Optional.of(entry.session());
            }
        }
        return Optional.empty();
    }

    /// The same of all addresses.
    public Optional<IkeSession> oldestBarelyBegun() {
        for (Iterator<First> oldest = young.iterator(); oldest.hasNext(); ) {
            Entry entry = byFirst.get(oldest.next());
            if (entry != null && entry.session().isBarelyBegun()) {
                return Optional.of(entry.session());
            }
            oldest.remove(); // it went on, and is not looked at again
        }
        return Optional.empty();
    }

    public int halfOpen(IpAddress from) {
        return halfOpen.getOrDefault(from, Set.of()).size();
    }

    public int halfOpenInAll() {
        return firsts.size();
    }

    public int size() {
        return bySpi.size();
    }
}
