package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.wire.ike.v2.Eap;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// One end of a method, to which the other end says whatever the input says. Lengths are mended,
/// and with flag 4 identifiers, too: the gates are open.
///
/// ```text
/// | stand (1): method, +4 server, +8 the user is known, +16 the user is given |
/// then for each packet: | flags (1) | length (2) | packet |
/// ```
///
/// A user who is not known does not get in, whatever is said.
public final class EapFuzz {
    private static final int MOST_PACKETS = 16;
    private static final EapUser CAROL = new EapUser(Octets.utf8("carol"));

    private record Known(boolean knows) implements Credentials {
        @Override
        public Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote) {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> password(Octets user) {
            return knows ? Optional.of(Secret.utf8("tux")) : Optional.empty();
        }
    }

    /// Of TLS; three pieces.
    private static final Octets FLIGHT = Octets.owned(new byte[2500]);

    private EapFuzz() {}

    public static void feed(byte[] input) {
        if (input.length == 0) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(input);
        int stand = in.get();
        EapMethod method = EapMethod.values()[(stand & 3) % EapMethod.values().length];
        Known known = new Known((stand & 8) != 0);
        if ((stand & 4) == 0) {
            toPeer(new EapPeer(method, CAROL, known, new ScriptedRandom(1)), known, in);
        } else {
            Optional<EapUser> given = (stand & 16) == 0 ? Optional.empty() : Optional.of(CAROL);
            toServer(new EapServer(method, given, known, new ScriptedRandom(2)), known, in);
        }
    }

    private static void toPeer(EapPeer peer, Known known, ByteBuffer in) {
        try (peer) {
            for (int i = 0; i < MOST_PACKETS; i++) {
                Optional<Eap> packet = next(in, -1);
                if (packet.isEmpty()) {
                    return;
                }
                EapPeer.Outcome outcome = peer.handle(packet.get());
                if (outcome instanceof EapPeer.Outcome.Speak) {
                    outcome = peer.spoken(new TlsConversation.Step.Going(FLIGHT));
                }
                switch (outcome) {
                    case EapPeer.Outcome.Answer _, EapPeer.Outcome.Speak _ -> {}
                    case EapPeer.Outcome.Failed _ -> {
                        return;
                    }
                    case EapPeer.Outcome.Succeeded s -> {
                        s.key().ifPresent(Secret::close);
                        hold(known);
                        return;
                    }
                }
            }
        }
    }

    private static void toServer(EapServer server, Known known, ByteBuffer in) {
        try (server) {
            int due = server.begin().identifier();
            for (int i = 0; i < MOST_PACKETS; i++) {
                Optional<Eap> packet = next(in, due);
                if (packet.isEmpty()) {
                    return;
                }
                EapServer.Outcome outcome = server.handle(packet.get());
                if (outcome instanceof EapServer.Outcome.Speak) {
                    outcome = server.spoken(new TlsConversation.Step.Going(FLIGHT));
                }
                switch (outcome) {
                    case EapServer.Outcome.Speak _ -> {}
                    case EapServer.Outcome.Ask(Eap request) -> due = request.identifier();
                    case EapServer.Outcome.Failed _ -> {
                        return;
                    }
                    case EapServer.Outcome.Succeeded s -> {
                        s.key().ifPresent(Secret::close);
                        hold(known);
                        return;
                    }
                }
            }
        }
    }

    private static void hold(Known known) {
        if (!known.knows()) {
            throw new AssertionError("EAP succeeds without a password");
        }
    }

    /// @param due identifier; negative: any
    private static Optional<Eap> next(ByteBuffer in, int due) {
        if (in.remaining() < 3) {
            return Optional.empty();
        }
        int flags = in.get();
        byte[] packet = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
        in.get(packet);
        boolean typed =
                packet.length > 0 && (packet[0] == Eap.REQUEST || packet[0] == Eap.RESPONSE);
        if (packet.length < (typed ? 5 : 4)) {
            return Optional.empty();
        }
        packet[2] = (byte) (packet.length >>> 8);
        packet[3] = (byte) packet.length;
        if ((flags & 4) != 0 && due >= 0) {
            packet[1] = (byte) due;
        }
        return Optional.of(new Eap(Octets.owned(packet)));
    }
}
