/// Looking at the packets of a running gateway: taps beside the road, and what is told of them.
@NullMarked
package io.sallyport.daemon.capture;

import org.jspecify.annotations.NullMarked;
