/// What notifies of IKEv2 carry, typed: one record or factory for each that has data.
@NullMarked
package io.sallyport.wire.ike.v2.notify;

import org.jspecify.annotations.NullMarked;
