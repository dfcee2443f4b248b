package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.v2.Eap;

/// EAP packets by their parts (RFC 3748, 4).
final class EapPacket {
    static final int IDENTITY = 1;
    static final int NOTIFICATION = 2;
    static final int NAK = 3;
    private static final int HEADER = 5;

    private EapPacket() {}

    static Eap request(int identifier, int type, Octets data) {
        return of(Eap.REQUEST, identifier, type, data);
    }

    static Eap response(int identifier, int type, Octets data) {
        return of(Eap.RESPONSE, identifier, type, data);
    }

    private static Eap of(int code, int identifier, int type, Octets data) {
        int length = HEADER + data.length();
        return new Eap(
                Octets.concat(
                        Octets.of(
                                (byte) code,
                                (byte) identifier,
                                (byte) (length >>> 8),
                                (byte) length,
                                (byte) type),
                        data));
    }

    /// EAP-Success or EAP-Failure.
    static Eap end(int code, int identifier) {
        return new Eap(Octets.of((byte) code, (byte) identifier, (byte) 0, (byte) 4));
    }

    /// What follows the type of a request or response.
    static Octets data(Eap packet) {
        return packet.packet().slice(HEADER, packet.packet().length());
    }
}
