package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;

/// What the sender is or can do (RFC 2408, 3.16); known values are in [VendorIds].
///
/// @param value any octets
public record VendorId(Octets value) implements Payload {
    @Override
    public int type() {
        return PayloadType.VENDOR_ID;
    }

    @Override
    public Octets body() {
        return value;
    }
}
