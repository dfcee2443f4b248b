package io.sallyport.ike.v2.task;

import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;

/// What an error notify (RFC 7296, 3.10.1) comes to for a person.
public final class Refusals {
    private Refusals() {}

    public static Cause cause(Notify error) {
        return error.known().map(Refusals::cause).orElse(Cause.OTHER);
    }

    public static Cause cause(NotifyType error) {
        return switch (error) {
            case NO_PROPOSAL_CHOSEN -> Cause.NO_PROPOSAL;
            case INVALID_KE_PAYLOAD -> Cause.KEY_EXCHANGE;
            case TS_UNACCEPTABLE, SINGLE_PAIR_REQUIRED, INVALID_SELECTORS -> Cause.SELECTORS;
            case AUTHENTICATION_FAILED, AUTHORIZATION_FAILED -> Cause.NOT_BELIEVED;
            case INTERNAL_ADDRESS_FAILURE, FAILED_CP_REQUIRED -> Cause.ADDRESSES;
            case INVALID_SYNTAX, UNSUPPORTED_CRITICAL_PAYLOAD -> Cause.MALFORMED;
            default -> Cause.OTHER;
        };
    }
}
