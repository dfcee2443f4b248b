package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// One payload of an IKEv2 message (RFC 7296, 3.2). If the value exists, its octets are legal and
/// fit a message; constructors throw [IllegalArgumentException] for what could not be put on the
/// wire.
public sealed interface Payload
        permits SaPayload,
                KeyExchange,
                Identification,
                Certificate,
                CertificateRequest,
                Authentication,
                Nonce,
                Notify,
                Delete,
                VendorId,
                TrafficSelectors,
                Encrypted,
                EncryptedFragment,
                Configuration,
                Eap,
                Payload.Unknown {
    /// Octets of the generic header before each body.
    int GENERIC_HEADER = 4;

    /// Octets of the longest body that a length field can announce.
    int MAX_BODY = 0xffff - GENERIC_HEADER;

    /// The number that announces this payload: [PayloadType], 33..255.
    int type();

    /// The payload without its generic header, as it would be emitted.
    Octets body();

    /// Whether the sender sets the critical bit. RFC 7296, 3.2: the bit is zero for the payload
    /// types of that document, and so it is for all that have a record here.
    default boolean critical() {
        return false;
    }

    /// Reads one payload that is all of `in`. An [Encrypted] one needs to know more: see
    /// [PayloadChain].
    ///
    /// @param type what the header before announced
    /// @param next what its own generic header announces
    /// @param critical its critical bit; only of meaning for a type we do not know
    static Payload parse(int type, int next, boolean critical, Reader in)
            throws MalformedException {
        Payload payload =
                switch (type) {
                    case PayloadType.SA -> SaPayload.parse(in);
                    case PayloadType.KEY_EXCHANGE -> KeyExchange.parse(in);
                    case PayloadType.ID_INITIATOR -> Identification.parse(true, in);
                    case PayloadType.ID_RESPONDER -> Identification.parse(false, in);
                    case PayloadType.CERTIFICATE -> Certificate.parse(in);
                    case PayloadType.CERTIFICATE_REQUEST ->
                            new CertificateRequest(in.u8("certificate encoding"), in.rest());
                    case PayloadType.AUTHENTICATION -> Authentication.parse(in);
                    case PayloadType.NONCE -> Nonce.parse(in);
                    case PayloadType.NOTIFY -> Notify.parse(in);
                    case PayloadType.DELETE -> Delete.parse(in);
                    case PayloadType.VENDOR_ID -> new VendorId(in.rest());
                    case PayloadType.TS_INITIATOR -> TrafficSelectors.parse(true, in);
                    case PayloadType.TS_RESPONDER -> TrafficSelectors.parse(false, in);
                    case PayloadType.ENCRYPTED -> new Encrypted(next, in.rest());
                    case PayloadType.ENCRYPTED_FRAGMENT -> EncryptedFragment.parse(next, in);
                    case PayloadType.CONFIGURATION -> Configuration.parse(in);
                    case PayloadType.EAP -> Eap.parse(in);
                    default -> {
                        // RFC 7296, 3.2: the numbers 1 to 32 are IKEv1's and stay unassigned.
                        if (type < PayloadType.FIRST) {
                            throw in.malformed("payload type " + type + " of IKEv1");
                        }
                        yield new Unknown(type, critical, in.rest());
                    }
                };
        if (!in.atEnd()) {
            throw in.malformed("octets behind payload type " + type);
        }
        return payload;
    }

    /// A payload that we do not understand, kept as it is.
    ///
    /// @param payloadType 33..255, none that has a record
    /// @param critical whether its sender wants the message refused by who does not know it
    /// @param value all octets after the generic header
    record Unknown(int payloadType, boolean critical, Octets value) implements Payload {
        public Unknown {
            if (payloadType < PayloadType.FIRST
                    || payloadType > 255
                    || PayloadType.understood(payloadType)
                    || value.length() > MAX_BODY) {
                throw new IllegalArgumentException("unknown payload of type " + payloadType);
            }
        }

        @Override
        public int type() {
            return payloadType;
        }

        @Override
        public Octets body() {
            return value;
        }
    }
}
