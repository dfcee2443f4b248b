/// IKEv2 (RFC 7296): the first two exchanges as states, everything after them as tasks.
@NullMarked
package io.sallyport.ike.v2;

import org.jspecify.annotations.NullMarked;
