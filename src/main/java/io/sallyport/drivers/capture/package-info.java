/// Seeing what crosses an interface, with the kernel's timestamps.
@NullMarked
package io.sallyport.drivers.capture;

import org.jspecify.annotations.NullMarked;
