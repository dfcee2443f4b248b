/// The anti-replay window with extended sequence numbers.
@NullMarked
package io.sallyport.ipsec.replay;

import org.jspecify.annotations.NullMarked;
