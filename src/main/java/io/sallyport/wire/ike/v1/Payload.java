package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// One payload of an IKEv1 message. If the value exists, its octets are legal and fit a message;
/// constructors throw [IllegalArgumentException] for what could not be put on the wire.
public sealed interface Payload
        permits SaPayload,
                KeyExchange,
                Identification,
                Certificate,
                CertificateRequest,
                Hash,
                Signature,
                Nonce,
                Notification,
                Delete,
                VendorId,
                Attributes,
                NatDetection,
                NatOriginalAddress,
                Fragment,
                Payload.Unknown {
    /// The number that announces this payload: [PayloadType], 1..255.
    int type();

    /// The payload without its generic header, as it would be emitted.
    Octets body();

    /// @param type what the header before announced
    /// @param body without the generic header
    static Payload parse(int type, Octets body) throws MalformedException {
        return parse(type, new Reader(body));
    }

    /// Reads one payload that is all of `in`.
    static Payload parse(int type, Reader in) throws MalformedException {
        Payload payload =
                switch (type) {
                    case PayloadType.SA -> SaPayload.parse(in);
                    case PayloadType.KEY_EXCHANGE -> KeyExchange.parse(in);
                    case PayloadType.IDENTIFICATION -> Identification.parse(in);
                    case PayloadType.CERTIFICATE ->
                            new Certificate(in.u8("certificate encoding"), in.rest());
                    case PayloadType.CERTIFICATE_REQUEST ->
                            new CertificateRequest(in.u8("certificate type"), in.rest());
                    case PayloadType.HASH -> Hash.parse(in);
                    case PayloadType.SIGNATURE -> Signature.parse(in);
                    case PayloadType.NONCE -> Nonce.parse(in);
                    case PayloadType.NOTIFICATION -> Notification.parse(in);
                    case PayloadType.DELETE -> Delete.parse(in);
                    case PayloadType.VENDOR_ID -> new VendorId(in.rest());
                    case PayloadType.ATTRIBUTES -> Attributes.parse(in);
                    case PayloadType.NAT_DETECTION -> NatDetection.parse(in);
                    case PayloadType.NAT_ORIGINAL_ADDRESS -> NatOriginalAddress.parse(in);
                    case PayloadType.FRAGMENT -> Fragment.parse(in);
                    case PayloadType.NONE -> throw in.malformed("payload type 0");
                    default -> {
                        if (type < 0 || type > 255) {
                            throw new IllegalArgumentException("payload type " + type);
                        }
                        yield new Unknown(type, in.rest());
                    }
                };
        if (!in.atEnd()) {
            throw in.malformed("octets behind payload type " + type);
        }
        return payload;
    }

    /// A payload that we do not understand, kept as it is: a type without a record, or a security
    /// association of another DOI or situation.
    ///
    /// @param payloadType 1..255
    /// @param value all octets after the generic header
    record Unknown(int payloadType, Octets value) implements Payload {
        public Unknown {
            if (payloadType < 1 || payloadType > 255) {
                throw new IllegalArgumentException("payload type " + payloadType);
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
