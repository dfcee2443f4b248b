package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.Ikev1Keys;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.MainState.Chosen;
import io.sallyport.ike.v1.MainState.Claim;
import io.sallyport.ike.v1.MainState.Closed;
import io.sallyport.ike.v1.MainState.Features;
import io.sallyport.ike.v1.MainState.KeyMessage;
import io.sallyport.ike.v1.MainState.Values;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.Verdict;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.NatDetection;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.Signature;
import io.sallyport.wire.ike.v1.VendorId;
import io.sallyport.wire.ike.v1.VendorIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What both roles of main mode compute alike: keys, hashes, identities, NAT findings.
final class MainShared {
    private static final int NONCE_OCTETS = 32;
    private static final int MOST_REFUSED = 3;

    /// Why we cannot sign.
    static final String NO_KEY =
            "no private key that signs by the method agreed on, with a certificate for this"
                    + " identity";

    private final EngineContext context;
    private final Connection connection;
    private final V1Session session;

    MainShared(EngineContext context, Connection connection, V1Session session) {
        this.context = context;
        this.connection = connection;
        this.session = session;
    }

    Octets newNonce() {
        return context.entropy().octets(NONCE_OCTETS);
    }

    List<Payload> keyPayloads(
            Chosen chosen, Octets publicValue, Octets nonce, List<Payload> requests, Path path) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new KeyExchange(publicValue));
        payloads.add(new Nonce(nonce));
        payloads.addAll(requests);
        if (chosen.peer().natTraversal()) {
            payloads.addAll(
                    natTraversal(chosen)
                            .payloads(path, connection.spec().ike().forceEncapsulation()));
        }
        return payloads;
    }

    NatTraversal natTraversal(Chosen chosen) {
        return new NatTraversal(prf(chosen), session.initiatorCookie(), session.responderCookie());
    }

    PrfFunction prf(Chosen chosen) {
        return context.crypto().prf(chosen.suite().prf());
    }

    NatTraversal.Finding natFinding(Chosen chosen, KeyMessage m) {
        NatTraversal.Finding found = natTraversal(chosen).find(m.natDetection(), m.path());
        // Forced: we have told the peer that we are behind a NAT, so we must behave like it.
        boolean forced =
                connection.spec().ike().forceEncapsulation() && m.natDetection().size() >= 2;
        return forced ? new NatTraversal.Finding(true, found.peer()) : found;
    }

    /// Where we agreed on pre-shared keys the proof is a hash: a signature is none.
    static Octets proof(PayloadChain chain) throws MalformedException {
        return chain.first(Hash.class)
                .orElseThrow(() -> new MalformedException("a signature, no hash", IkeHeader.LENGTH))
                .value();
    }

    Message clear(Input.Datagram d, MessageKind kind) throws MalformedException {
        Message message = Message.parse(d.octets());
        MessageRules.check(kind, message.chain().payloads());
        return message;
    }

    KeyMessage keyMessage(Input.Datagram d, Chosen chosen) throws MalformedException {
        PayloadChain chain = clear(d, MessageKind.MAIN_KEY).chain();
        Octets publicValue = chain.first(KeyExchange.class).orElseThrow().value();
        int wanted = chosen.suite().group().publicOctets();
        if (publicValue.length() != wanted) {
            throw new MalformedException(
                    "public value of "
                            + publicValue.length()
                            + " octets, "
                            + chosen.suite().group()
                            + " has "
                            + wanted,
                    IkeHeader.LENGTH);
        }
        return new KeyMessage(
                publicValue,
                chain.first(Nonce.class).orElseThrow().value(),
                chain.all(NatDetection.class),
                Certificates.Asked.of(chain),
                d.path());
    }

    static Features features(PayloadChain chain) {
        boolean nat = false;
        boolean dpd = false;
        for (VendorId id : chain.all(VendorId.class)) {
            nat |= id.value().equals(VendorIds.NAT_TRAVERSAL);
            // RFC 3706, 5.3: the last two octets are major and minor version.
            dpd |=
                    id.value().length() == VendorIds.DEAD_PEER_DETECTION.length()
                            && id.value()
                                    .slice(0, 14)
                                    .equals(VendorIds.DEAD_PEER_DETECTION.slice(0, 14));
        }
        return new Features(nat, dpd);
    }

    Octets firstIv(Chosen chosen, Values values) {
        return Ikev1Keys.firstIv(
                prf(chosen),
                values.publicI(),
                values.publicR(),
                chosen.suite().cipher().encryption().blockOctets());
    }

    /// Closes `shared`. Empty: there is no pre-shared key, where one is due.
    Optional<Protection> protection(Chosen chosen, Values values, Secret shared, Path path) {
        if (chosen.method().signs()) {
            Ikev1Keys keys =
                    Ikev1Keys.ofSignatures(
                            prf(chosen),
                            values.nonceI(),
                            values.nonceR(),
                            shared,
                            session.initiatorCookie(),
                            session.responderCookie());
            shared.close();
            return Optional.of(protection(chosen, keys));
        }
        List<Identity> local = List.of(localIdentity(), Identity.of(path.local().address()));
        List<Identity> remote = List.of(wantedIdentity(), Identity.of(path.remote().address()));
        Optional<Secret> psk = context.credentials().presharedKey(local, remote);
        return psk.map(key -> {
            Ikev1Keys keys =
                    Ikev1Keys.derive(
                            prf(chosen),
                            key,
                            values.nonceI(),
                            values.nonceR(),
                            shared,
                            session.initiatorCookie(),
                            session.responderCookie());
            key.close();
            shared.close();
            return protection(chosen, keys);
        });
    }

    private Protection protection(Chosen chosen, Ikev1Keys keys) {
        return new Protection(
                context.crypto().messageCipher(chosen.suite().cipher()),
                prf(chosen),
                keys,
                chosen.suite(),
                session.initiatorCookie(),
                session.responderCookie());
    }

    // ---- signatures

    /// How we sign as this connection wants it; empty if we have no key for it.
    Optional<Proofs.Own> own(ConnectionSpec spec, Chosen chosen, Certificates.Asked asked) {
        Identity address = Identity.of(session.path().local().address());
        return Proofs.own(spec, chosen.method(), asked, address, context);
    }

    /// Has our HASH_I or HASH_R signed.
    ///
    /// @return the job that does it
    long sign(Proofs.Own own, boolean initiator, Chosen chosen, Values values, Protection with) {
        Octets hash =
                with.authHash(
                        initiator,
                        values.publicI(),
                        values.publicR(),
                        chosen.saBody(),
                        PeerIds.payload(own.identity()).body());
        return context.sign(own.key().id(), own.scheme(), hash, session);
    }

    /// Who speaks, as it says; the caller has looked at the rules of the message.
    ///
    /// @throws MalformedException if it is no proof by signature
    static Identity claimed(PayloadChain chain) throws MalformedException {
        if (chain.first(Signature.class).isEmpty()) {
            throw new MalformedException("a hash, no signature", IkeHeader.LENGTH);
        }
        return PeerIds.parse(chain.first(Identification.class).orElseThrow())
                .orElseThrow(() ->
                        new MalformedException("an identity of unknown type", IkeHeader.LENGTH));
    }

    /// Asks the notary whether `claim` proves the peer as the connection demands that is on trial.
    ///
    /// @param initiator whether the peer is
    /// @return the job that judges it
    long judge(Claim claim, boolean initiator, Chosen chosen, Values values, Protection with) {
        PayloadChain chain = claim.opened().chain();
        Octets hash =
                with.authHash(
                        initiator,
                        values.publicI(),
                        values.publicR(),
                        chosen.saBody(),
                        chain.rawBody(Identification.class).orElseThrow());
        return context.judge(
                Proofs.shown(
                                claim.meant().getFirst().spec(),
                                chosen.method(),
                                claim.identity(),
                                chain,
                                hash)
                        .orElseThrow(),
                session);
    }

    /// A signature proved nothing: a person hears why, and the true message may still come.
    ///
    /// @return with those that are not to be judged again
    List<Octets> refused(List<Octets> before, Claim claim, Verdict.Refused verdict) {
        String steps = verdict.steps();
        String text = verdict.text() + (steps.isEmpty() ? "" : " (" + steps + ")");
        session.minutes().theyAre(claim.identity(), Identity.ANY);
        session.minutes().verdict(() -> text);
        session.suspect(
                Cause.CERTIFICATE,
                text,
                "signature of " + claim.meant().getFirst().spec().remote().identity(),
                claim.identity() + " by signature");
        List<Octets> all = new ArrayList<>(before);
        all.add(claim.datagram().octets());
        return all;
    }

    /// Signatures that one session has judged at most: each costs, and proves nothing.
    static boolean isEnough(List<Octets> refused) {
        return refused.size() >= MOST_REFUSED;
    }

    /// RFC 2409, 5.7: protected, as there are keys. It says no more than that: our own side knows
    /// the reason.
    void tellRefused(Protection with, Octets lastBlock, Path path) {
        int id;
        do {
            id = context.entropy().octets(4).buffer().getInt();
        } while (id == 0); // RFC 2408, 3.1: the message ID is 0 in phase 1 only
        Notification failed =
                new Notification(
                        1,
                        ProtocolId.ISAKMP,
                        with.cookies(),
                        NotifyType.AUTHENTICATION_FAILED,
                        Octets.EMPTY);
        context.out()
                .add(new Output.Send(path, with.informational(lastBlock, id, List.of(failed))));
    }

    Identity localIdentity() {
        Identity configured = connection.spec().local().identity();
        return configured.isAny() ? Identity.of(session.path().local().address()) : configured;
    }

    Identity wantedIdentity() {
        return connection.spec().remote().identity();
    }

    Optional<Identity> checkIdentity(Protection.Opened opened, long now) {
        return checkIdentity(connection.spec(), opened, now);
    }

    static boolean isWanted(ConnectionSpec spec, Identity proved) {
        return Identities.matches(spec.remote().identity(), proved);
    }

    /// What was proved is an identity; whether it is the one that is wanted is another question.
    Optional<Identity> checkIdentity(ConnectionSpec spec, Protection.Opened opened, long now) {
        Optional<Identity> given =
                PeerIds.parse(opened.chain().first(Identification.class).orElseThrow());
        Identity wanted = spec.remote().identity();
        if (given.isPresent() && isWanted(spec, given.get())) {
            return given;
        }
        given.ifPresent(id -> session.minutes().theyAre(id, Identity.ANY));
        session.minutes().proven();
        session.fail(
                Cause.IDENTITY,
                "main mode",
                "the peer proved to be another one than configured (rightid)",
                wanted.toString(),
                given.map(Identity::toString).orElse("an identity of unknown type"),
                now);
        return Optional.empty();
    }

    MainState noKey(long now) {
        session.fail(
                Cause.OURSELVES,
                "main mode",
                "no pre-shared key for "
                        + localIdentity()
                        + " and "
                        + wantedIdentity()
                        + ": add a line to ipsec.secrets",
                "",
                "",
                now);
        return new Closed();
    }

    MainState noOwnKey(String why, long now) {
        session.fail(Cause.OURSELVES, "main mode", why, "", "", now);
        return new Closed();
    }

    MainState badPublicValue(String why, long now) {
        session.fail(
                Cause.MALFORMED,
                "main mode",
                "the peer's public value is illegal: " + why,
                "",
                "",
                now);
        return new Closed();
    }
}
