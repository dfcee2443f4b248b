/// The Security Association Database: SAs by SPI, their counters, windows and sequence numbers.
@NullMarked
package io.sallyport.ipsec.sad;

import org.jspecify.annotations.NullMarked;
