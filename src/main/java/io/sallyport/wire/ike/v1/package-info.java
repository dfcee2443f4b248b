/// ISAKMP and IKEv1 payloads as values (RFC 2407, 2408, 2409, 3706, 3947): parse, emit, and which
/// may stand where.
@NullMarked
package io.sallyport.wire.ike.v1;

import org.jspecify.annotations.NullMarked;
