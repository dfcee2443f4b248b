package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.auth.Announced;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.auth.SchemeChoice;
import io.sallyport.ike.auth.SharedKeyProof;
import io.sallyport.ike.auth.SignedOctets;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.AuthMethod;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes our AUTH payloads and judges the peer's: the one place where it is decided who somebody
/// is.
///
/// ```text
///  demanded   AUTH               judged by
///  psk        2                  prf over the signed octets, here (RFC 7296, 2.15)
///  pubkey     14; 1, 9, 10, 11   whether its scheme will do, here; then the notary: signature, chain, identity
///  null       13                 prf with SK_p, here: that it is the same end, not who (RFC 7619)
///  eap        2, after EAP       prf with the key that the method left, here (RFC 7296, 2.16)
/// ```
///
/// All else is refused. A peer hears AUTHENTICATION_FAILED and no more; what was wrong is told to
/// our own side only.
final class Proofs {
    private final V2Session session;
    private final EngineContext context;
    private final V2State.Init init;

    Proofs(V2Session session, V2State.Init init) {
        this.session = session;
        this.context = session.context();
        this.init = init;
    }

    // ---- identities

    static Identification payload(boolean initiator, Identity identity) {
        return new Identification(initiator, identity.type().number(), identity.data());
    }

    /// Those of IKEv2 (RFC 7296, 3.5; RFC 7619, 2.2); IKEv1 knew more.
    private static final Set<Identity.Type> TYPES =
            EnumSet.of(
                    Identity.Type.IPV4_ADDR,
                    Identity.Type.FQDN,
                    Identity.Type.USER_FQDN,
                    Identity.Type.IPV6_ADDR,
                    Identity.Type.DER_ASN1_DN,
                    Identity.Type.DER_ASN1_GN,
                    Identity.Type.KEY_ID,
                    Identity.Type.NULL);

    /// Empty for a type we do not know.
    static Optional<Identity> identity(Identification id) {
        // RFC 7619, 2.2: "The Identification Data field of the Identification payload using ID_NULL
        // MUST be [...] ignored on receipt"
        return TYPES.stream()
                .filter(type -> type.number() == id.idType())
                .findFirst()
                .map(type -> type == Identity.Type.NULL ? NOBODY : new Identity(type, id.data()));
    }

    /// Who was not authenticated. RFC 7619, 2.2: what such a peer calls itself is for people's eyes
    /// at most.
    static final Identity NOBODY = new Identity(Identity.Type.NULL, Octets.EMPTY);

    /// Who a peer is, once its proof is right that this was demanded for.
    static Identity proved(AuthSpec demanded, Identity claimed) {
        return demanded instanceof AuthSpec.Null ? NOBODY : claimed;
    }

    // ---- ours

    /// How we prove our end.
    sealed interface Own {
        /// Who we say we are.
        Identity identity();

        record Shared(Identity identity, Secret key) implements Own {}

        record Signature(Identity identity, OwnKey key, SchemeChoice.Choice choice)
                implements Own {}

        /// We stay unknown, as it is configured (RFC 7619).
        record Nothing(Identity identity) implements Own {}

        /// We cannot.
        record Missing(Identity identity, String why) implements Own {}
    }

    /// @param asked who the peer takes us for, if it says so
    /// @param peer who it is, or shall be
    Own own(
            ConnectionSpec spec,
            AuthSpec round,
            Optional<Identity> asked,
            Identity peer,
            Certificates.Asked certificates) {
        Identity address = Identity.of(session.path().local().address());
        Identity configured = round.identity().isAny() ? asked.orElse(address) : round.identity();
        return switch (round) {
            case AuthSpec.Psk _ -> {
                Optional<Secret> key = sharedKey(configured, peer);
                yield key.isPresent()
                        ? new Own.Shared(configured, key.get())
                        : new Own.Missing(configured, "no pre-shared key for these identities");
            }
            case AuthSpec.Pubkey p -> signature(p, asked, address, certificates);
            case AuthSpec.Null _ when spec.negotiates() ->
                    new Own.Nothing(round.identity().isAny() ? NOBODY : round.identity());
            case AuthSpec.Eap _, AuthSpec.Xauth _, AuthSpec.Null _ ->
                    new Own.Missing(
                            configured,
                            "conn " + spec.name() + " proves its own end by what IKE_AUTH has not");
        };
    }

    private Own signature(
            AuthSpec.Pubkey round,
            Optional<Identity> asked,
            Identity address,
            Certificates.Asked certificates) {
        SignatureRules rules = SignatureRules.of(round.trust().schemes());
        List<OwnKey> keys = List.of();
        if (round.identity().isAny() && asked.isPresent()) {
            AuthSpec.Pubkey narrowed =
                    new AuthSpec.Pubkey(
                            asked.get(), round.certificates(), round.keys(), round.trust());
            keys = context.credentials().ownKeys(narrowed, certificates.authorities());
        }
        if (keys.isEmpty()) {
            keys = context.credentials().ownKeys(round, certificates.authorities());
        }
        // RFC 9593, 3.1: what is announced is what "the receiving party may take into
        // consideration"; where nothing of ours is among it, we try all the same
        for (Announced announced : List.of(certificates.announced(), Announced.NOTHING)) {
            for (OwnKey key : keys) {
                Optional<SchemeChoice.Choice> choice =
                        SchemeChoice.ours(
                                key, rules, init.peer().hashes(), announced, context.crypto());
                if (choice.isPresent()) {
                    return new Own.Signature(
                            Identities.own(round, asked, key, address), key, choice.get());
                }
            }
        }
        Identity named = round.identity().isAny() ? asked.orElse(address) : round.identity();
        return new Own.Missing(
                named,
                keys.isEmpty()
                        ? "no private key with a certificate for this identity"
                        : "no signature scheme of our keys that the peer can check: it knows "
                                + init.peer().hashes());
    }

    /// The key for these two ends; who is meant by more than one identity stands first.
    private Optional<Secret> sharedKey(Identity local, Identity remote) {
        return context.credentials()
                .presharedKey(
                        List.of(local, Identity.of(session.path().local().address())),
                        List.of(remote, Identity.of(session.path().remote().address())));
    }

    /// What is signed by one end.
    ///
    /// @param idBody of its ID payload as it travels
    Octets signed(boolean byInitiator, Octets idBody) {
        return SignedOctets.of(
                session.keys().prf(),
                byInitiator ? init.messageI() : init.messageR(),
                byInitiator ? init.nonceR() : init.nonceI(),
                session.keys().proof(byInitiator),
                idBody,
                init.intAuth());
    }

    Authentication made(Own.Shared own, Octets signed) {
        return new Authentication(
                AuthMethod.SHARED_KEY.number(),
                SharedKeyProof.of(session.keys().prf(), own.key(), signed));
    }

    /// RFC 7619, 2.1: "the AUTH payload [...] is computed using the SK_pi or SK_pr", which shows
    /// that it is the end that IKE_SA_INIT was done with.
    Authentication ofNobody(boolean byInitiator, Octets idBody) {
        return new Authentication(
                AuthMethod.NULL.number(), afterEap(Optional.empty(), byInitiator, idBody).data());
    }

    /// AUTH after EAP (RFC 7296, 2.16): by the key that the method left; where it left none, "the
    /// AUTH payloads in messages 7 and 8 MUST be generated using SK_pi and SK_pr, respectively".
    Authentication afterEap(Optional<Secret> key, boolean byInitiator, Octets idBody) {
        return new Authentication(
                AuthMethod.SHARED_KEY.number(),
                SharedKeyProof.of(
                        session.keys().prf(),
                        key.orElseGet(() -> session.keys().proof(byInitiator)),
                        signed(byInitiator, idBody)));
    }

    /// AUTH under an IKE SA that is resumed (RFC 5723, 4.3.3): `AUTH = prf(SK_px, <message
    /// octets>)`. Who can make it has SK_d of the one before, which both ends proved themselves in.
    Authentication resuming(boolean byInitiator, Octets idBody) {
        return new Authentication(
                AuthMethod.SHARED_KEY.number(),
                session.keys()
                        .prf()
                        .hash(session.keys().proof(byInitiator), signed(byInitiator, idBody)));
    }

    /// Whether this is the peer's such AUTH.
    boolean isRightResuming(Octets idBody, Authentication shown) {
        return shown.method() == AuthMethod.SHARED_KEY.number()
                && resuming(!session.initiator(), idBody).data().matches(shown.data());
    }

    /// Whether this is the peer's AUTH after EAP.
    boolean isRightAfterEap(Optional<Secret> key, Octets idBody, Authentication shown) {
        return shown.method() == AuthMethod.SHARED_KEY.number()
                && afterEap(key, !session.initiator(), idBody).data().matches(shown.data());
    }

    /// @return the job that makes it
    long ask(Own.Signature own, Octets signed) {
        return context.sign(own.key().id(), own.choice().scheme(), signed, session);
    }

    // ---- the peer's

    /// What is thought of a peer's AUTH.
    sealed interface Judgement {
        record Right() implements Judgement {}

        /// @param theirs what the peer showed
        record Wrong(Cause cause, String reason, String ours, String theirs) implements Judgement {}

        /// The notary is asked.
        record Later(long job) implements Judgement {}
    }

    /// What a peer showed for itself.
    ///
    /// @param idBody of its ID payload as it came
    record Shown(Identity identity, Octets idBody, Authentication auth, PayloadChain chain) {
        Claimant claimant() {
            return new Claimant(identity, idBody, chain);
        }
    }

    /// Who a peer says it is.
    ///
    /// @param idBody of its ID payload as it came
    record Claimant(Identity identity, Octets idBody, PayloadChain chain) {}

    /// Whether an AUTH by this method could satisfy what is demanded.
    static boolean mayBe(AuthSpec demanded, int method) {
        return switch (demanded) {
            case AuthSpec.Psk _ -> method == AuthMethod.SHARED_KEY.number();
            case AuthSpec.Pubkey _ ->
                    method == AuthMethod.DIGITAL_SIGNATURE.number()
                            || SignatureScheme.byMethod(method).isPresent();
            case AuthSpec.Null _ -> method == AuthMethod.NULL.number();
            case AuthSpec.Eap _, AuthSpec.Xauth _ -> false;
        };
    }

    /// @param local who we are to this peer
    Judgement judge(AuthSpec demanded, Identity local, Shown shown) {
        Octets signed = signed(!session.initiator(), shown.idBody());
        return switch (demanded) {
            case AuthSpec.Psk _ -> sharedKey(local, shown, signed);
            case AuthSpec.Pubkey p -> signature(p, shown, signed);
            case AuthSpec.Null _ when session.connection().spec().negotiates() -> nobody(shown);
            case AuthSpec.Eap _, AuthSpec.Xauth _, AuthSpec.Null _ ->
                    new Judgement.Wrong(
                            Cause.METHOD,
                            "its end must be proved by what is not done here",
                            "",
                            text(shown, "auth method " + shown.auth().method()));
        };
    }

    private Judgement nobody(Shown shown) {
        boolean right =
                shown.auth().method() == AuthMethod.NULL.number()
                        && ofNobody(!session.initiator(), shown.idBody())
                                .data()
                                .matches(shown.auth().data());
        return right
                ? new Judgement.Right()
                : new Judgement.Wrong(
                        Cause.METHOD,
                        "the peer does not stay unknown, as it is configured (auth = null), or its"
                                + " AUTH is not that of this IKE SA",
                        "null",
                        text(shown, "auth method " + shown.auth().method()));
    }

    private Judgement sharedKey(Identity local, Shown shown, Octets signed) {
        if (shown.auth().method() != AuthMethod.SHARED_KEY.number()) {
            return new Judgement.Wrong(
                    Cause.METHOD,
                    "the peer proves itself by another method than configured",
                    "pre-shared key",
                    text(shown, "auth method " + shown.auth().method()));
        }
        Optional<Secret> key = sharedKey(local, shown.identity());
        if (key.isEmpty()) {
            return new Judgement.Wrong(
                    Cause.SECRET,
                    "no pre-shared key for these identities",
                    local.toString(),
                    text(shown, "pre-shared key"));
        }
        boolean right;
        try (Secret psk = key.get()) {
            right =
                    SharedKeyProof.of(session.keys().prf(), psk, signed)
                            .matches(shown.auth().data());
        }
        return right
                ? new Judgement.Right()
                : new Judgement.Wrong(
                        Cause.SECRET,
                        "the peer's AUTH is wrong: it has another pre-shared key, or is not who it"
                                + " says",
                        local.toString(),
                        text(shown, "pre-shared key"));
    }

    private Judgement signature(AuthSpec.Pubkey demanded, Shown shown, Octets signed) {
        SignatureRules rules = SignatureRules.of(demanded.trust().schemes());
        return switch (SchemeChoice.theirs(
                shown.auth(), rules, init.peer().hashes(), context.crypto())) {
            case SchemeChoice.Theirs.Refused(String why) ->
                    new Judgement.Wrong(
                            Cause.METHOD,
                            why,
                            demand(demanded),
                            text(shown, "auth method " + shown.auth().method()));
            case SchemeChoice.Theirs.Taken(var scheme, Octets signature) ->
                    new Judgement.Later(
                            context.judge(
                                    new PeerProof(
                                            shown.identity(),
                                            demanded,
                                            Certificates.evidence(shown.chain()),
                                            scheme,
                                            signature,
                                            signed),
                                    session));
        };
    }

    /// What the notary's answer comes to.
    static Judgement of(Verdict verdict, AuthSpec demanded, Shown shown) {
        return switch (verdict) {
            case Verdict.Trusted _ -> new Judgement.Right();
            case Verdict.Refused r ->
                    new Judgement.Wrong(
                            Cause.CERTIFICATE,
                            r.text(),
                            demand(demanded),
                            text(shown, "signature")
                                    + (r.steps().isEmpty() ? "" : ": " + r.steps()));
        };
    }

    private static String demand(AuthSpec demanded) {
        String who = "signature of " + demanded.identity();
        return demanded instanceof AuthSpec.Pubkey p && !p.trust().schemes().isEmpty()
                ? who + " by " + String.join("-", p.trust().schemes())
                : who;
    }

    private static String text(Shown shown, String by) {
        return shown.identity() + " by " + by;
    }
}
