package io.sallyport.ike.v1;

import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.v1.NotifyType;

/// What an error notify (RFC 2408, 3.14.1) comes to for a person.
final class Refusals {
    private Refusals() {}

    static Cause cause(int error) {
        return switch (error) {
            case NotifyType.NO_PROPOSAL_CHOSEN,
                    NotifyType.ATTRIBUTES_NOT_SUPPORTED,
                    NotifyType.BAD_PROPOSAL_SYNTAX,
                    NotifyType.INVALID_TRANSFORM_ID ->
                    Cause.NO_PROPOSAL;
            case NotifyType.INVALID_KEY_INFORMATION -> Cause.KEY_EXCHANGE;
            case NotifyType.INVALID_ID_INFORMATION -> Cause.SELECTORS;
            case NotifyType.AUTHENTICATION_FAILED,
                    NotifyType.INVALID_HASH_INFORMATION,
                    NotifyType.INVALID_SIGNATURE ->
                    Cause.NOT_BELIEVED;
            // What cannot be decrypted looks malformed: RFC 2409 has no other sign of another key.
            case NotifyType.PAYLOAD_MALFORMED, NotifyType.INVALID_PAYLOAD_TYPE -> Cause.MALFORMED;
            default -> Cause.OTHER;
        };
    }
}
