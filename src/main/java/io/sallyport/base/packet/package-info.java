/// Packet memory: a burst of packets worked on in place, and the Internet checksum.
@NullMarked
package io.sallyport.base.packet;

import org.jspecify.annotations.NullMarked;
