/// IKEv2 payloads as values (RFC 7296, section 3, and the payloads of its extensions): parse, emit,
/// and which may stand where.
@NullMarked
package io.sallyport.wire.ike.v2;

import org.jspecify.annotations.NullMarked;
