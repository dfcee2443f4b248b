package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;

/// What a vendor says of itself (RFC 7296, 3.12).
public record VendorId(Octets value) implements Payload {
    public VendorId {
        if (value.length() > MAX_BODY) {
            throw new IllegalArgumentException("vendor ID of " + value.length() + " octets");
        }
    }

    @Override
    public int type() {
        return PayloadType.VENDOR_ID;
    }

    @Override
    public Octets body() {
        return value;
    }
}
