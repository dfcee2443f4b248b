package io.sallyport.ike.sa;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.ticket.TicketKeys;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.AddressPools;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.port.Entropy;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.TlsEnd;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What every machine of one engine shares: its ports, where its outputs go, and the numbers it
/// hands out.
public final class EngineContext {
    /// RFC 3173, 3.3: 256 to 61439 are negotiated.
    private static final int FIRST_CPI = 256;

    private static final int CPIS = 61440 - FIRST_CPI;
    private static final int NO_CPI = -1;

    private final EngineSettings settings;
    private final Crypto crypto;
    private final Credentials credentials;
    private final UsageMeter usage;
    private final Entropy entropy;
    private final AddressPools pools;
    private final Map<Long, IkeSession> jobs = new HashMap<>();
    private final Set<Integer> inboundSpis = new HashSet<>();
    private final Map<Long, Connection> children = new HashMap<>();
    private final SaTable table = new SaTable();
    private final TicketKeys tickets;
    private final TcpLines lines = new TcpLines(this);
    private List<IpAddress> addresses = List.of();
    private Outbox out = new Outbox();
    private long nextJob = 1;
    private long nextChildSa = 1;
    private int nextCpi = NO_CPI;

    public EngineContext(
            EngineSettings settings,
            Crypto crypto,
            Credentials credentials,
            UsageMeter usage,
            Entropy entropy,
            AddressPools pools) {
        this.settings = settings;
        this.crypto = crypto;
        this.credentials = credentials;
        this.usage = usage;
        this.entropy = entropy;
        this.pools = pools;
        this.tickets = new TicketKeys(crypto, entropy);
    }

    /// Those by which somebody elsewhere may reach this machine, as far as that is known.
    public List<IpAddress> addresses() {
        return addresses;
    }

    public void addresses(List<IpAddress> all) {
        addresses = List.copyOf(all);
    }

    /// Where outputs go while one input is handled.
    public void collectIn(Outbox outbox) {
        out = outbox;
    }

    public EngineSettings settings() {
        return settings;
    }

    public Crypto crypto() {
        return crypto;
    }

    public Credentials credentials() {
        return credentials;
    }

    public UsageMeter usage() {
        return usage;
    }

    public Entropy entropy() {
        return entropy;
    }

    public AddressPools pools() {
        return pools;
    }

    public SaTable table() {
        return table;
    }

    /// By which IKE SAs are resumed (RFC 5723).
    public TicketKeys tickets() {
        return tickets;
    }

    /// The TCP connections in use.
    public TcpLines lines() {
        return lines;
    }

    public Outbox out() {
        return out;
    }

    public void tell(Event event) {
        out.add(new Output.Tell(event));
    }

    /// Asks for an ephemeral key; the answer goes to `session`.
    public long generate(Group group, IkeSession session) {
        long job = nextJob++;
        jobs.put(job, session);
        out.add(new Output.Generate(job, group));
        return job;
    }

    /// Asks for the shared secret; the answer goes to `session`.
    public long agree(KeyAgreement.Ephemeral ours, Octets theirs, IkeSession session) {
        long job = nextJob++;
        jobs.put(job, session);
        out.add(new Output.Agree(job, ours, theirs));
        return job;
    }

    /// Asks for a responder's part of a key exchange; the answer goes to `session`.
    public long answer(Group group, Octets theirs, IkeSession session) {
        long job = nextJob++;
        jobs.put(job, session);
        out.add(new Output.Answer(job, group, theirs));
        return job;
    }

    /// Asks for a signature; the answer goes to `session`.
    ///
    /// @param key an [io.sallyport.model.trust.OwnKey#id]
    public long sign(Octets key, SignatureScheme scheme, Octets data, IkeSession session) {
        long job = nextJob++;
        jobs.put(job, session);
        out.add(new Output.Sign(job, key, scheme, data));
        return job;
    }

    /// Asks whether a peer is who it says; the answer goes to `session`.
    public long judge(PeerProof proof, IkeSession session) {
        long job = nextJob++;
        jobs.put(job, session);
        out.add(new Output.Judge(job, proof));
        return job;
    }

    /// Goes on with TLS; what the other end is told goes to `session`.
    public long tls(
            TlsEnd end, Optional<TlsConversation> with, Octets received, IkeSession session) {
        long job = nextJob++;
        jobs.put(job, session);
        out.add(new Output.Tls(job, end, with, received));
        return job;
    }

    /// Whose job this was; each answer is taken once.
    public Optional<IkeSession> takeJob(long job) {
        return Optional.ofNullable(jobs.remove(job));
    }

    /// Nothing leads to this session any more: no datagram, and no answer to a job, for those are
    /// taken for who is in the table.
    public void forget(IkeSession session) {
        table.remove(session);
        lines.leave(session);
    }

    /// A number for a look-up: no answer is taken for another's.
    long newLookup() {
        return nextJob++;
    }

    /// Jobs that are not answered yet.
    public int jobs() {
        return jobs.size();
    }

    /// Inbound SPIs in use.
    public int inboundSpis() {
        return inboundSpis.size();
    }

    /// Child SAs whose connection is known.
    public int childrenOwned() {
        return children.size();
    }

    void owns(Connection connection, long childSaId) {
        children.put(childSaId, connection);
    }

    void disowned(long childSaId) {
        children.remove(childSaId);
    }

    /// Whose child SA this is.
    public Optional<Connection> ownerOf(long childSaId) {
        return Optional.ofNullable(children.get(childSaId));
    }

    public long newChildSaId() {
        return nextChildSa++;
    }

    /// A CPI for compressed packets to us. They follow each other, so that two SAs of one peer have
    /// different ones, as Linux wants it; the first is random, for the SAs of our last life may
    /// still be there.
    public int newCpi() {
        if (nextCpi == NO_CPI) {
            nextCpi = (entropy.octets(4).buffer().getInt() >>> 1) % CPIS;
        }
        nextCpi = (nextCpi + 1) % CPIS;
        return FIRST_CPI + nextCpi;
    }

    /// A fresh SPI for an inbound SA: RFC 4303, 2.1: "The set of SPI values in the range 1 through
    /// 255 are reserved".
    public int newInboundSpi() {
        while (true) {
            int spi = entropy.octets(4).buffer().getInt();
            if (Integer.compareUnsigned(spi, 255) > 0 && inboundSpis.add(spi)) {
                return spi;
            }
        }
    }

    /// A fresh SPI (IKEv1: cookie) for an IKE SA: random, so that it cannot be guessed, and unique.
    public long newIkeSpi() {
        long spi;
        do {
            spi = entropy.octets(8).buffer().getLong();
        } while (table.isTaken(spi));
        return spi;
    }

    public void releaseInboundSpi(int spi) {
        inboundSpis.remove(spi);
    }
}
