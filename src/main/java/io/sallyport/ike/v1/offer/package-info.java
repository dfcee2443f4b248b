/// What IKEv1 offers and takes: transforms of both phases, to suites and back (RFC 2407, 4.5; RFC
/// 2409, appendix A).
@NullMarked
package io.sallyport.ike.v1.offer;

import org.jspecify.annotations.NullMarked;
