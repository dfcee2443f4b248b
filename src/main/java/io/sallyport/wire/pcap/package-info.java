/// Packets written down for other people's tools.
@NullMarked
package io.sallyport.wire.pcap;

import org.jspecify.annotations.NullMarked;
