package io.sallyport.ike.sa;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
    private final Map<IpAddress, Integer> halfOpen = new HashMap<>();
    private int halfOpenInAll;

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
            sieve.add(entry.session().ourSpi());
        }
    }

    public void addResponder(IkeSession session, Connection connection, long initiatorSpi) {
        Endpoint from = session.path().remote();
        Entry entry = new Entry(session, connection, from);
        add(entry);
        First first = new First(initiatorSpi, from);
        byFirst.put(first, entry);
        firsts.put(session.ourSpi(), first);
        halfOpen.merge(from.address(), 1, Integer::sum);
        halfOpenInAll++;
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

    /// A session is no longer half-open.
    public void established(IkeSession session) {
        First first = firsts.remove(session.ourSpi());
        if (first != null) {
            byFirst.remove(first);
            halfOpenInAll--;
            halfOpen.computeIfPresent(first.from().address(), (_, n) -> n > 1 ? n - 1 : null);
        }
    }

    public void remove(IkeSession session) {
        established(session);
        if (bySpi.remove(session.ourSpi()) != null) {
            sieve.remove(session.ourSpi());
        }
    }

    /// Whether an IKE SA with this address is established, of whichever connection.
    public boolean isTalkingTo(IpAddress peer) {
        for (Entry entry : bySpi.values()) {
            IkeSession session = entry.session();
            if (session.path().remote().address().equals(peer)
                    && session.phase() == IkeSession.Phase.ESTABLISHED) {
                return true;
            }
        }
        return false;
    }

    /// The oldest session of this address that is barely begun: it goes first where there are too
    /// many.
    public Optional<IkeSession> oldestBarelyBegun(IpAddress from) {
        return byFirst.values().stream()
                .filter(e -> e.from().address().equals(from))
                .map(Entry::session)
                .filter(IkeSession::isBarelyBegun)
                .min(Comparator.comparingLong(IkeSession::startedAt));
    }

    public int halfOpen(IpAddress from) {
        return halfOpen.getOrDefault(from, 0);
    }

    public int halfOpenInAll() {
        return halfOpenInAll;
    }

    public int size() {
        return bySpi.size();
    }
}
