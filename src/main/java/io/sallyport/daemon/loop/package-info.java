/// The threads: the IKE loop, the two packet workers, and the jobs off the loop.
@NullMarked
package io.sallyport.daemon.loop;

import org.jspecify.annotations.NullMarked;
