/// Retransmission: the part of an exchange that knows no payloads.
@NullMarked
package io.sallyport.ike.exchange;

import org.jspecify.annotations.NullMarked;
