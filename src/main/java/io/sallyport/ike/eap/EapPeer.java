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

/// The end that is authenticated by EAP. It does one method, the one that is configured: another
/// one is answered with a NAK that names it.
public final class EapPeer implements AutoCloseable {
    /// More requests are no method of ours.
    private static final int MOST = 12;

    /// With TLS, whose flights come in pieces.
    private static final int MOST_OF_TLS = 150;

    /// So much of what a server says why.
    private static final int LONGEST_REASON = 200;

    private final EapMethod method;
    private final EapUser user;
    private final Credentials credentials;
    private final Entropy entropy;
    private Progress progress = new Progress.Nothing();
    private int requests;
    private final TlsPieces pieces = new TlsPieces();

    /// How far it is.
    private sealed interface Progress {
        record Nothing() implements Progress {}

        /// MSCHAPv2: answered; the server's own proof is due.
        record Responded(Octets proof, Secret key) implements Progress {}

        /// TLS is under way.
        ///
        /// @param asked the packet that is to be answered, while its answer is being made
        record Tls(Eap asked) implements Progress {}

        /// Our part is done; EAP-Success is due.
        record Finished(Optional<Secret> key) implements Progress {}

        /// The server does not take our answer; EAP-Failure is due.
        record Refused(Cause cause, String why) implements Progress {}
    }

    /// What is to be done.
    public sealed interface Outcome {
        record Answer(Eap packet) implements Outcome {}

        /// TLS is to go on, off the loop; then [#spoken].
        record Speak(Octets received) implements Outcome {}

        /// @param key the MSK, if the method leaves one; whoever takes it closes it
        record Succeeded(Optional<Secret> key) implements Outcome {}

        record Failed(Cause cause, String why) implements Outcome {}
    }

    public EapPeer(EapMethod method, EapUser user, Credentials credentials, Entropy entropy) {
        this.method = method;
        this.user = user;
        this.credentials = credentials;
        this.entropy = entropy;
    }

    public Outcome handle(Eap packet) {
        return switch (packet.code()) {
            case Eap.REQUEST ->
                    ++requests > (method == EapMethod.TLS ? MOST_OF_TLS : MOST)
                            ? malformed("EAP comes to no end")
                            : onRequest(packet);
            case Eap.SUCCESS -> onSuccess();
            case Eap.FAILURE ->
                    progress instanceof Progress.Refused(Cause cause, String why)
                            ? new Outcome.Failed(cause, "EAP-Failure: " + why)
                            : new Outcome.Failed(Cause.NOT_BELIEVED, "EAP-Failure");
            default -> malformed("EAP code " + packet.code());
        };
    }

    private Outcome onRequest(Eap packet) {
        int type = packet.method().orElse(0);
        if (type == EapPacket.IDENTITY) {
            return answer(packet, EapPacket.IDENTITY, user.name());
        }
        if (type == EapPacket.NOTIFICATION) {
            return answer(packet, EapPacket.NOTIFICATION, Octets.EMPTY);
        }
        if (type != method.number()) {
            return progress instanceof Progress.Nothing
                    ? answer(packet, EapPacket.NAK, Octets.of((byte) method.number()))
                    : malformed("another EAP method in the middle of one");
        }
        return switch (method) {
            case MD5 -> md5(packet);
            case GTC -> gtc(packet);
            case TLS -> tls(packet);
            case MSCHAPV2 -> mschap(packet);
        };
    }

    private Outcome answer(Eap packet, int type, Octets data) {
        return new Outcome.Answer(EapPacket.response(packet.identifier(), type, data));
    }

    private Outcome onSuccess() {
        if (progress instanceof Progress.Finished(Optional<Secret> key)) {
            progress = new Progress.Nothing();
            return new Outcome.Succeeded(key);
        }
        return malformed("EAP-Success before the method is done");
    }

    private Outcome noPassword() {
        return new Outcome.Failed(Cause.OURSELVES, "no EAP secret for " + user);
    }

    private static Outcome malformed(String why) {
        return new Outcome.Failed(Cause.MALFORMED, why);
    }

    private Outcome md5(Eap packet) {
        Octets data = EapPacket.data(packet);
        Optional<Secret> password = user.password(credentials);
        if (password.isEmpty()) {
            return noPassword();
        }
        if (data.isEmpty() || data.at(0) == 0 || data.length() < 1 + data.at(0)) {
            return malformed("a malformed MD5 challenge");
        }
        try (Secret secret = password.get()) {
            Octets hash =
                    Md5Challenge.response(
                            packet.identifier(), secret, data.slice(1, 1 + data.at(0)));
            progress = new Progress.Finished(Optional.empty());
            return answer(packet, EapMethod.MD5.number(), Md5Challenge.value(hash, user.name()));
        }
    }

    private Outcome gtc(Eap packet) {
        Optional<Secret> password = user.password(credentials);
        if (password.isEmpty()) {
            return noPassword();
        }
        try (Secret secret = password.get()) {
            progress = new Progress.Finished(Optional.empty());
            return answer(packet, EapMethod.GTC.number(), Octets.of(secret.expose()));
        }
    }

    private Outcome tls(Eap packet) {
        if (progress instanceof Progress.Refused(Cause cause, String why)) {
            return new Outcome.Failed(cause, why); // libreswan says more after our alert
        }
        boolean begins = progress instanceof Progress.Nothing;
        if (!begins && !(progress instanceof Progress.Tls)) {
            return malformed("TLS goes on after its end");
        }
        return switch (pieces.hear(EapPacket.data(packet))) {
            case TlsPieces.Heard.Start _ when begins -> speak(packet, Octets.EMPTY);
            case TlsPieces.Heard.Flight(Octets records) when !begins -> speak(packet, records);
            case TlsPieces.Heard.Piece _ when !begins -> tls(packet, TlsPieces.ACK);
            case TlsPieces.Heard.Acknowledged _ when !begins -> tls(packet, pieces.next());
            case TlsPieces.Heard.Wrong(String why) -> malformed(why);
            case TlsPieces.Heard.Start _,
                    TlsPieces.Heard.Flight _,
                    TlsPieces.Heard.Piece _,
                    TlsPieces.Heard.Acknowledged _ ->
                    malformed("an EAP-TLS packet that is not due");
        };
    }

    private Outcome speak(Eap packet, Octets received) {
        progress = new Progress.Tls(packet);
        return new Outcome.Speak(received);
    }

    private Outcome tls(Eap packet, Octets data) {
        return answer(packet, EapMethod.TLS.number(), data);
    }

    /// What became of [Outcome.Speak].
    public Outcome spoken(TlsConversation.Step step) {
        if (!(progress instanceof Progress.Tls(Eap asked))) {
            if (step instanceof TlsConversation.Step.Done done) {
                done.key().close();
            }
            return malformed("TLS goes on after its end");
        }
        return switch (step) {
            case TlsConversation.Step.Going(Octets flight) -> tls(asked, pieces.say(flight));
            case TlsConversation.Step.Done(Octets flight, Secret key) -> {
                progress = new Progress.Finished(Optional.of(key));
                yield tls(asked, pieces.say(flight));
            }
            case TlsConversation.Step.Failed(Octets alert, Cause cause, String why) -> {
                progress = new Progress.Refused(cause, why);
                // RFC 5216, 2.1.3: an alert of the server's is acknowledged, then comes EAP-Failure
                yield alert.isEmpty() && cause != Cause.NOT_BELIEVED
                        ? new Outcome.Failed(cause, why)
                        : tls(asked, pieces.say(alert));
            }
        };
    }

    private Outcome mschap(Eap packet) {
        int code = MsChap.code(packet);
        return switch (progress) {
            case Progress.Nothing _ when code == MsChap.CHALLENGE -> respond(packet);
            case Progress.Responded r when code == MsChap.SUCCESS -> onServersProof(packet, r);
            case Progress.Responded r when code == MsChap.FAILURE -> {
                r.key().close();
                progress =
                        new Progress.Refused(
                                Cause.NOT_BELIEVED,
                                MsChap.body(packet).map(EapPeer::shown).orElse("no reason given"));
                yield answer(
                        packet,
                        EapMethod.MSCHAPV2.number(),
                        MsChap.acknowledgement(MsChap.FAILURE));
            }
            case Progress.Nothing _,
                    Progress.Responded _,
                    Progress.Tls _,
                    Progress.Finished _,
                    Progress.Refused _ ->
                    malformed("an EAP-MSCHAPv2 packet that is not due");
        };
    }

    private static String shown(Octets text) {
        return text.slice(0, Math.min(text.length(), LONGEST_REASON))
                .text()
                .replaceAll("[^ -~]", "?");
    }

    private Outcome respond(Eap packet) {
        Optional<Octets> challenge = MsChap.challenge(packet);
        if (challenge.isEmpty()) {
            return malformed("a malformed EAP-MSCHAPv2 challenge");
        }
        Optional<Secret> hash = user.passwordHash(credentials);
        if (hash.isEmpty()) {
            return noPassword();
        }
        Octets ours = entropy.octets(MsChapV2.CHALLENGE_OCTETS);
        try (Secret secret = hash.get()) {
            Octets name = user.withoutDomain();
            Octets response = MsChapV2.response(challenge.get(), ours, name, secret);
            progress =
                    new Progress.Responded(
                            MsChapV2.authenticatorResponse(
                                    secret, response, ours, challenge.get(), name),
                            MsChapV2.msk(secret, response));
            return answer(
                    packet,
                    EapMethod.MSCHAPV2.number(),
                    MsChap.of(
                            MsChap.RESPONSE,
                            MsChap.identifier(packet),
                            new MsChap.Response(ours, response, user.name()).emit()));
        }
    }

    /// RFC 2759, 8.8: the server knows the password too, or we do not go on.
    private Outcome onServersProof(Eap packet, Progress.Responded r) {
        Optional<Octets> body = MsChap.body(packet);
        int octets = MsChapV2.AUTHENTICATOR_RESPONSE_OCTETS;
        if (body.isEmpty()
                || body.get().length() < octets
                || !body.get().slice(0, octets).matches(r.proof())) {
            r.key().close();
            progress = new Progress.Nothing();
            return new Outcome.Failed(Cause.SECRET, "the server does not know our password");
        }
        progress = new Progress.Finished(Optional.of(r.key()));
        return answer(packet, EapMethod.MSCHAPV2.number(), MsChap.acknowledgement(MsChap.SUCCESS));
    }

    @Override
    public void close() {
        switch (progress) {
            case Progress.Responded r -> r.key().close();
            case Progress.Finished f -> f.key().ifPresent(Secret::close);
            case Progress.Nothing _, Progress.Tls _, Progress.Refused _ -> {}
        }
        progress = new Progress.Nothing();
    }
}
