/// IKEv1: main mode, quick mode, informational exchanges (RFC 2407, 2408, 2409, 3706, 3947).
@NullMarked
package io.sallyport.ike.v1;

import org.jspecify.annotations.NullMarked;
