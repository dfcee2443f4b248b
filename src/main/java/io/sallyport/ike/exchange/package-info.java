/// Carrying messages: windows, retransmission, sealing, fragments.
@NullMarked
package io.sallyport.ike.exchange;

import org.jspecify.annotations.NullMarked;
