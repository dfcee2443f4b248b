/// Checked views on IP, UDP, TCP and ICMP headers: static accessors on packet memory.
@NullMarked
package io.sallyport.wire.ip;

import org.jspecify.annotations.NullMarked;
