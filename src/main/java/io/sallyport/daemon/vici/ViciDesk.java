package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.creds.store.OnTokens;
import io.sallyport.creds.store.Vault;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.steer.Holdings;
import io.sallyport.daemon.steer.Steward;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.IkeEngine;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.vpn.pool.LeasePools;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Answers every vici command, as charon would in the same state. Any thread: what the IKE loop
/// owns is asked of the loop.
public final class ViciDesk implements ViciOperator {
    private static final long ANSWER_SECONDS = 10;

    /// IKE SAs that are put into words at once: between two lots the loop does its own work.
    private static final int AT_ONCE = 128;

    private final Parts parts;
    private final Numbers numbers = new Numbers();
    private final SaSections sas;
    private final ConnSections conns;
    private final ViciFeed feed;
    private final DaemonFacts facts;
    private final Steering steering;
    private final ClientStore store;
    private final CredentialDesk credentials;
    private final CertificateList certificates;
    private final Counters counters;

    /// What the desk works with.
    ///
    /// @param engine to be asked on the loop's thread only
    /// @param pools with their leases, on the loop's thread
    /// @param vault keys and certificates that are in use
    /// @param fetched forgets the lists and answers that were fetched
    public record Parts(
            IkeLoop loop,
            Steward steward,
            Holdings holdings,
            Tokens tokens,
            IkeEngine engine,
            Supplier<List<LeasePools.View>> pools,
            Supplier<Vault> vault,
            Runnable fetched,
            Crypto crypto,
            LongSupplier nanos,
            LogRing log,
            String version) {}

    public ViciDesk(Parts parts) {
        this.parts = parts;
        Spelling spelling = new Spelling(ServiceNames.ofHost());
        this.sas = new SaSections(numbers, spelling);
        this.conns = new ConnSections(spelling, parts.vault());
        this.feed = new ViciFeed(SaViews.of(parts.engine()), parts.nanos(), sas, numbers);
        this.facts = new DaemonFacts(parts.crypto(), parts.nanos(), parts.version());
        this.steering = new Steering(parts, feed, numbers, this::ask);
        Supplier<OnTokens> tokens = () -> new OnTokens(parts.tokens(), parts.holdings().modules());
        this.store =
                new ClientStore(
                        parts.holdings(),
                        new SwanctlReading(),
                        tokens,
                        () -> ask("pools", _ -> parts.pools().get()),
                        parts.log());
        this.credentials = new CredentialDesk(store, tokens);
        this.certificates = new CertificateList(parts.vault());
        this.counters = new Counters();
    }

    /// The number of an IKE SA, as clients see it; on the loop's thread.
    public long uniqueId(IkeSaView view) {
        return numbers.ofIkeSa(view);
    }

    /// The number that the SAs of a child share, as clients see it; on the loop's thread.
    public long reqid(Owner owner) {
        return numbers.reqid(owner);
    }

    /// Takes every event of the engine, on the loop's thread.
    public void take(Event event) {
        counters.take(event);
        feed.take(event);
    }

    /// Takes every IKE message that came, on the loop's thread.
    public void heard(Octets message) {
        counters.count(message, true);
    }

    /// Takes every IKE message that goes, on the loop's thread.
    public void sent(Octets message) {
        counters.count(message, false);
    }

    @Override
    public Listening listen(Sink sink) {
        Runnable remember =
                () ->
                        ask(
                                "listen",
                                _ -> {
                                    feed.remember();
                                    return true;
                                });
        Listening listening = feed.listen(sink, parts.log(), remember);
        remember.run();
        return listening;
    }

    @Override
    public ViciMessage answer(ViciCommand command, ViciMessage request, Sink stream) {
        return switch (command) {
            case VERSION -> facts.version();
            case STATS -> facts.stats(ask("stats", IkeEngine::views));
            case GET_ALGORITHMS -> facts.algorithms();
            case LIST_SAS -> listSas(request, stream);
            case LIST_CONNS -> listConns(request, stream);
            case GET_CONNS ->
                    ViciMessage.with()
                            .list(
                                    "conns",
                                    connections().stream().map(ConnectionSpec::name).toList())
                            .done();
            case LIST_POLICIES -> listPolicies(request, stream);
            case INITIATE -> steering.initiate(request, stream);
            case TERMINATE -> steering.terminate(request, stream);
            case REKEY -> steering.rekey(request);
            case INSTALL -> steering.install(request);
            case UNINSTALL -> steering.uninstall(request);
            case GET_COUNTERS -> ask("counters", _ -> counters.get(request));
            case RESET_COUNTERS -> ask("counters", _ -> counters.reset(request));
            case RELOAD_SETTINGS -> Replies.done(); // there is no strongswan.conf to read again
            case REDIRECT -> steering.redirect(request);
            case LOAD_CONN -> store.loadConnections(request);
            case UNLOAD_CONN -> store.unloadConnection(request);
            case LOAD_POOL -> store.loadPools(request);
            case UNLOAD_POOL -> store.unloadPool(request);
            case GET_POOLS -> store.pools(request);
            case LOAD_SHARED -> credentials.loadShared(request);
            case UNLOAD_SHARED -> credentials.unloadShared(request);
            case GET_SHARED -> credentials.shared();
            case LOAD_CERT -> credentials.loadCertificate(request);
            case LOAD_KEY -> credentials.loadKey(request);
            case UNLOAD_KEY -> credentials.unloadKey(request);
            case GET_KEYS -> credentials.keys();
            case LOAD_TOKEN -> credentials.loadToken(request);
            case CLEAR_CREDS -> {
                parts.fetched().run();
                yield credentials.clear();
            }
            case FLUSH_CERTS -> {
                parts.fetched().run();
                yield Replies.done();
            }
            case LIST_CERTS -> certificates.list(request, stream);
            case LOAD_AUTHORITY -> store.loadAuthorities(request);
            case UNLOAD_AUTHORITY -> store.unloadAuthority(request);
            case GET_AUTHORITIES -> store.authorities();
            case LIST_AUTHORITIES ->
                    certificates.listAuthorities(parts.holdings().authorities(), request, stream);
        };
    }

    private List<ConnectionSpec> connections() {
        return ask("connections", _ -> parts.steward().vpn().connections());
    }

    private ViciMessage listSas(ViciMessage request, Sink stream) {
        Optional<String> ike = request.text("ike");
        Optional<String> child = request.text("child");
        OptionalLong ikeId = request.id("ike-id");
        OptionalLong childId = request.id("child-id");
        List<IkeSaView> found =
                ask(
                        "list-sas",
                        _ ->
                                feed.all().stream()
                                        .filter(view -> steering.matches(view, ike, ikeId))
                                        .filter(view ->
                                                child.isEmpty() && childId.isEmpty()
                                                        || view.children().stream()
                                                                .anyMatch(c ->
                                                                        Steering.matches(
                                                                                c, child, childId)))
                                        .toList());
        for (int at = 0; at < found.size(); at += AT_ONCE) {
            List<IkeSaView> some = found.subList(at, Math.min(found.size(), at + AT_ONCE));
            ask("list-sas", _ -> sections(some)).forEach(sa -> stream.tell(ViciEvent.LIST_SA, sa));
        }
        return ViciMessage.EMPTY;
    }

    private List<ViciMessage> sections(List<IkeSaView> some) {
        long now = parts.nanos().getAsLong();
        return some.stream().map(view -> sas.whole(view, now)).toList();
    }

    private ViciMessage listConns(ViciMessage request, Sink stream) {
        Optional<String> ike = request.text("ike");
        for (ConnectionSpec connection : connections()) {
            if (ike.isEmpty() || ike.get().equals(connection.name())) {
                stream.tell(ViciEvent.LIST_CONN, conns.connection(connection));
            }
        }
        return ViciMessage.EMPTY;
    }

    /// As charon: what traps, the newest that a person installed first, then what passes or drops.
    private ViciMessage listPolicies(ViciMessage request, Sink stream) {
        Optional<String> ike = request.text("ike");
        Optional<String> child = request.text("child");
        List<ViciMessage> found =
                ask(
                        "list-policies",
                        _ ->
                                standing().stream()
                                        .filter(p -> request.text(kind(p)).isPresent())
                                        .filter(p -> named(p.owner().connection(), ike))
                                        .filter(p -> named(p.owner().child(), child))
                                        .flatMap(p -> spec(p).map(c -> conns.policy(p, c)).stream())
                                        .toList());
        found.forEach(policy -> stream.tell(ViciEvent.LIST_POLICY, policy));
        return ViciMessage.EMPTY;
    }

    private List<PolicyEntry> standing() {
        List<Owner> byHand = parts.steward().trapped();
        List<PolicyEntry> all = new ArrayList<>(parts.steward().policies());
        all.sort(
                Comparator.comparingInt(
                                (PolicyEntry p) -> p.action() == PolicyAction.PROTECT ? 0 : 1)
                        .thenComparingInt(p ->
                                p.action() == PolicyAction.PROTECT
                                        ? Math.floorMod(
                                                byHand.indexOf(p.owner()), Integer.MAX_VALUE)
                                        : 0));
        return all;
    }

    /// The word by which a client asks for policies like this one; those that do not trap are none
    /// of its business.
    private static String kind(PolicyEntry entry) {
        return switch (entry.action()) {
            case PROTECT -> entry.trap() ? "trap" : "";
            case BYPASS -> "pass";
            case DISCARD -> "drop";
        };
    }

    private static boolean named(String name, Optional<String> wanted) {
        return wanted.isEmpty() || wanted.get().equals(name);
    }

    private Optional<ChildSpec> spec(PolicyEntry entry) {
        return parts.steward().vpn().connections().stream()
                .filter(c -> c.name().equals(entry.owner().connection()))
                .flatMap(c -> c.children().stream())
                .filter(c -> c.name().equals(entry.owner().child()))
                .findFirst();
    }

    private <T> T ask(String name, Function<IkeEngine, T> work) {
        try {
            return parts.loop().ask(name, work).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the IKE loop", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the IKE loop gave no answer within " + ANSWER_SECONDS + " s", e);
        }
    }
}
