/// Waiting for many descriptors at once, and being woken from another thread.
@NullMarked
package io.sallyport.drivers.poll;

import org.jspecify.annotations.NullMarked;
