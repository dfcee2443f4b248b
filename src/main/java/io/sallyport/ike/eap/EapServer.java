package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.mschap.MsChapV2;
import io.sallyport.model.event.Cause;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.port.Entropy;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.wire.ike.v2.Eap;
import java.util.Optional;

/// The end that authenticates by EAP: asks who it is, unless that is given, and for the proof.
///
/// Whoever is unknown goes the same way as whoever has a wrong password: EAP-Failure is all that is
/// heard.
public final class EapServer implements AutoCloseable {
    private static final int CHALLENGE_OCTETS = 16;

    /// More responses are no method of ours.
    private static final int MOST = 150;

    private static final Octets NAME = Octets.ascii("sallyport");

    private final EapMethod method;
    private final Credentials credentials;
    private final Entropy entropy;
    private Optional<EapUser> user;
    private Progress progress = new Progress.Identity();
    private int identifier;
    private int responses;
    private final TlsPieces pieces = new TlsPieces();

    /// What is awaited.
    private sealed interface Progress {
        record Identity() implements Progress {}

        record Response(Octets challenge) implements Progress {}

        /// MSCHAPv2: that the peer takes our own proof.
        record Acknowledgement(Secret key) implements Progress {}

        /// A flight of TLS, or that ours goes on.
        record Tls() implements Progress {}

        /// That the peer heard the last of TLS.
        record Heard(Secret key) implements Progress {}

        /// That the peer heard our alert.
        record Alerted(Cause cause, String why) implements Progress {}

        record Over() implements Progress {}
    }

    /// What is to be done.
    public sealed interface Outcome {
        record Ask(Eap packet) implements Outcome {}

        /// TLS with this user is to go on, off the loop; then [#spoken].
        record Speak(EapUser user, Octets received) implements Outcome {}

        /// @param key the MSK, if the method leaves one; whoever takes it closes it
        record Succeeded(Eap packet, EapUser user, Optional<Secret> key) implements Outcome {}

        record Failed(Eap packet, Cause cause, String why) implements Outcome {}
    }

    /// @param user whose proof is demanded; empty: it is asked for
    public EapServer(
            EapMethod method, Optional<EapUser> user, Credentials credentials, Entropy entropy) {
        this.method = method;
        this.user = user;
        this.credentials = credentials;
        this.entropy = entropy;
        this.identifier = entropy.octets(1).at(0);
    }

    /// The first request.
    public Eap begin() {
        return user.isPresent() ? challenge() : request(EapPacket.IDENTITY, Octets.EMPTY);
    }

    private Eap request(int type, Octets data) {
        identifier = identifier + 1 & 0xff;
        return EapPacket.request(identifier, type, data);
    }

    private Eap challenge() {
        if (method == EapMethod.TLS) {
            progress = new Progress.Tls();
            return request(method.number(), TlsPieces.START);
        }
        Octets challenge = entropy.octets(CHALLENGE_OCTETS);
        progress = new Progress.Response(challenge);
        return switch (method) {
            case MD5 -> request(method.number(), Md5Challenge.value(challenge, NAME));
            case GTC -> request(method.number(), Octets.ascii("Password:"));
            case TLS -> request(method.number(), TlsPieces.START);
            case MSCHAPV2 -> {
                int next = identifier + 1 & 0xff;
                yield request(
                        method.number(),
                        MsChap.of(MsChap.CHALLENGE, next, MsChap.challenge(challenge, NAME)));
            }
        };
    }

    public Outcome handle(Eap packet) {
        if (packet.code() != Eap.RESPONSE || packet.identifier() != identifier) {
            return failed(Cause.MALFORMED, "an EAP packet that is not due");
        }
        if (++responses > MOST) {
            return failed(Cause.MALFORMED, "EAP comes to no end");
        }
        int type = packet.method().orElse(0);
        if (type == EapPacket.NAK) {
            return failed(Cause.METHOD, "the peer does not do eap-" + method.word());
        }
        return switch (progress) {
            case Progress.Identity _ -> identified(packet, type);
            case Progress.Response(Octets challenge) when type == method.number() ->
                    proved(packet, challenge);
            case Progress.Acknowledgement(Secret key)
                    when type == method.number() && MsChap.code(packet) == MsChap.SUCCESS -> {
                progress = new Progress.Over();
                yield succeeded(Optional.of(key));
            }
            case Progress.Tls _ when type == method.number() -> tls(packet);
            case Progress.Heard(Secret key) when type == method.number() -> heard(packet, key);
            case Progress.Alerted(Cause cause, String why) -> failed(cause, why);
            case Progress.Response _,
                    Progress.Acknowledgement _,
                    Progress.Tls _,
                    Progress.Heard _,
                    Progress.Over _ ->
                    failed(Cause.MALFORMED, "an EAP response of another type");
        };
    }

    private Outcome identified(Eap packet, int type) {
        EapUser said = new EapUser(EapPacket.data(packet));
        if (type != EapPacket.IDENTITY || !said.isSane()) {
            return failed(Cause.MALFORMED, "the peer does not say who it is in EAP");
        }
        user = Optional.of(said);
        return new Outcome.Ask(challenge());
    }

    private Outcome proved(Eap packet, Octets challenge) {
        EapUser who = user.orElseThrow();
        return switch (method) {
            case MD5 -> md5(packet, who, challenge);
            case GTC -> gtc(packet, who);
            case TLS -> tls(packet);
            case MSCHAPV2 -> mschap(packet, who, challenge);
        };
    }

    private Outcome md5(Eap packet, EapUser who, Octets challenge) {
        Octets data = EapPacket.data(packet);
        Optional<Secret> password = who.password(credentials);
        if (password.isEmpty()) {
            return unproved(who);
        }
        try (Secret secret = password.get()) {
            Octets wanted = Md5Challenge.response(packet.identifier(), secret, challenge);
            boolean right =
                    data.length() >= 17
                            && data.at(0) == wanted.length()
                            && data.slice(1, 17).matches(wanted);
            return right ? succeeded(Optional.empty()) : unproved(who);
        }
    }

    private Outcome gtc(Eap packet, EapUser who) {
        Optional<Secret> password = who.password(credentials);
        if (password.isEmpty()) {
            return unproved(who);
        }
        try (Secret secret = password.get();
                Secret given = Secret.of(EapPacket.data(packet))) {
            return given.equals(secret) ? succeeded(Optional.empty()) : unproved(who);
        }
    }

    private Outcome tls(Eap packet) {
        return switch (pieces.hear(EapPacket.data(packet))) {
            case TlsPieces.Heard.Flight(Octets records) ->
                    new Outcome.Speak(user.orElseThrow(), records);
            case TlsPieces.Heard.Piece _ -> ask(TlsPieces.ACK);
            case TlsPieces.Heard.Acknowledged _ -> ask(pieces.next());
            case TlsPieces.Heard.Wrong(String why) -> failed(Cause.MALFORMED, why);
            case TlsPieces.Heard.Start _ ->
                    failed(Cause.MALFORMED, "the peer wants to be the server of TLS");
        };
    }

    /// RFC 5216, 2.1.3: the last flight of ours is acknowledged, then EAP is over.
    private Outcome heard(Eap packet, Secret key) {
        TlsPieces.Heard said = pieces.hear(EapPacket.data(packet));
        if (said instanceof TlsPieces.Heard.Acknowledged) {
            return ask(pieces.next());
        }
        if (said.equals(new TlsPieces.Heard.Flight(Octets.EMPTY))) {
            progress = new Progress.Over();
            return succeeded(Optional.of(key));
        }
        return failed(Cause.NOT_BELIEVED, "the peer does not take the end of TLS");
    }

    private Outcome ask(Octets data) {
        return new Outcome.Ask(request(method.number(), data));
    }

    /// What became of [Outcome.Speak].
    public Outcome spoken(TlsConversation.Step step) {
        return switch (step) {
            case TlsConversation.Step.Going(Octets flight) -> ask(pieces.say(flight));
            case TlsConversation.Step.Done(Octets flight, Secret key) -> {
                progress = new Progress.Heard(key);
                yield ask(pieces.say(flight));
            }
            case TlsConversation.Step.Failed(Octets alert, Cause cause, String why) -> {
                if (alert.isEmpty()) {
                    yield failed(cause, why);
                }
                progress = new Progress.Alerted(cause, why);
                yield ask(pieces.say(alert));
            }
        };
    }

    private Outcome mschap(Eap packet, EapUser who, Octets challenge) {
        Optional<MsChap.Response> response = MsChap.response(packet);
        if (MsChap.code(packet) != MsChap.RESPONSE || response.isEmpty()) {
            return failed(Cause.MALFORMED, "a malformed EAP-MSCHAPv2 response");
        }
        MsChap.Response r = response.get();
        Octets name = who.withoutDomain();
        Optional<Secret> hash = who.passwordHash(credentials);
        if (hash.isEmpty() || !new EapUser(r.name()).withoutDomain().equals(name)) {
            hash.ifPresent(Secret::close);
            return unproved(who);
        }
        try (Secret secret = hash.get()) {
            if (!MsChapV2.response(challenge, r.peerChallenge(), name, secret)
                    .matches(r.response())) {
                return unproved(who);
            }
            Octets ours =
                    MsChapV2.authenticatorResponse(
                            secret, r.response(), r.peerChallenge(), challenge, name);
            progress = new Progress.Acknowledgement(MsChapV2.msk(secret, r.response()));
            return new Outcome.Ask(
                    request(
                            method.number(),
                            MsChap.of(
                                    MsChap.SUCCESS,
                                    MsChap.identifier(packet),
                                    Octets.concat(ours, Octets.ascii(" M=welcome")))));
        }
    }

    private Outcome unproved(EapUser who) {
        return failed(Cause.SECRET, "no EAP secret, or another one, for " + who);
    }

    private Outcome succeeded(Optional<Secret> key) {
        progress = new Progress.Over();
        EapUser said = user.orElseThrow();
        return new Outcome.Succeeded(
                EapPacket.end(Eap.SUCCESS, identifier),
                method == EapMethod.TLS ? said : said.whose(credentials),
                key);
    }

    private Outcome failed(Cause cause, String why) {
        close();
        return new Outcome.Failed(EapPacket.end(Eap.FAILURE, identifier), cause, why);
    }

    @Override
    public void close() {
        switch (progress) {
            case Progress.Acknowledgement(Secret key) -> key.close();
            case Progress.Heard(Secret key) -> key.close();
            case Progress.Identity _,
                    Progress.Response _,
                    Progress.Tls _,
                    Progress.Alerted _,
                    Progress.Over _ -> {}
        }
        progress = new Progress.Over();
    }
}
