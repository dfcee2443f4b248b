package io.sallyport.ike.v1.offer;

import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.wire.ike.v1.Transform;

/// A phase 1 transform that we understand: its suite, its method, its lifetime in seconds (0: none
/// given), and the octets that must go back unchanged (RFC 2409, 5: "the responder MUST NOT modify
/// attributes of any offer").
public record Phase1Offer(
        IkeSuite suite, AuthenticationMethod method, long lifeSeconds, Transform transform) {}
