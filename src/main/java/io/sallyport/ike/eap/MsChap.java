package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import io.sallyport.crypto.mschap.MsChapV2;
import io.sallyport.wire.ike.v2.Eap;
import java.util.Optional;

/// The data of EAP-MSCHAPv2 packets (draft-kamath-pppext-eap-mschapv2, 2):
///
/// ```text
/// +---------------+---------------+-------------------------------+
/// |    op code    | MS-CHAPv2-ID  |  length, from the op code on  |
/// +---------------+---------------+-------------------------------+
/// |  of a challenge or response: size, value; then the name       |
/// |  of a success or failure: the message                         |
/// +---------------------------------------------------------------+
/// ```
final class MsChap {
    static final int CHALLENGE = 1;
    static final int RESPONSE = 2;
    static final int SUCCESS = 3;
    static final int FAILURE = 4;

    private static final int HEADER = 4;

    /// Peer challenge, eight zeros, response, flags.
    private static final int RESPONSE_VALUE = 49;

    private MsChap() {}

    static int code(Eap packet) {
        Octets data = EapPacket.data(packet);
        return data.isEmpty() ? 0 : data.at(0);
    }

    static Octets of(int code, int identifier, Octets body) {
        int length = HEADER + body.length();
        return Octets.concat(
                Octets.of((byte) code, (byte) identifier, (byte) (length >>> 8), (byte) length),
                body);
    }

    /// What acknowledges a success or a failure: the op code alone.
    static Octets acknowledgement(int code) {
        return Octets.of((byte) code);
    }

    /// What follows the header, if that is whole.
    static Optional<Octets> body(Eap packet) {
        Octets data = EapPacket.data(packet);
        return data.length() >= HEADER && (data.at(2) << 8 | data.at(3)) == data.length()
                ? Optional.of(data.slice(HEADER, data.length()))
                : Optional.empty();
    }

    static int identifier(Eap packet) {
        return EapPacket.data(packet).at(1);
    }

    static Octets challenge(Octets challenge, Octets name) {
        return Octets.concat(Octets.of((byte) MsChapV2.CHALLENGE_OCTETS), challenge, name);
    }

    static Optional<Octets> challenge(Eap packet) {
        return body(packet)
                .filter(b -> b.length() > MsChapV2.CHALLENGE_OCTETS)
                .filter(b -> b.at(0) == MsChapV2.CHALLENGE_OCTETS)
                .map(b -> b.slice(1, 1 + MsChapV2.CHALLENGE_OCTETS));
    }

    /// What a response bears.
    record Response(Octets peerChallenge, Octets response, Octets name) {
        Octets emit() {
            return Octets.concat(
                    Octets.of((byte) RESPONSE_VALUE),
                    peerChallenge,
                    Octets.owned(new byte[8]),
                    response,
                    Octets.of((byte) 0),
                    name);
        }
    }

    static Optional<Response> response(Eap packet) {
        return body(packet)
                .filter(b -> b.length() > RESPONSE_VALUE && b.at(0) == RESPONSE_VALUE)
                .map(b ->
                        new Response(
                                b.slice(1, 17),
                                b.slice(25, 49),
                                b.slice(1 + RESPONSE_VALUE, b.length())));
    }
}
