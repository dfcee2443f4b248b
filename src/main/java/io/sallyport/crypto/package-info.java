/// Algorithms, suites, and the engines that run them.
@Room(uses = {"base", "ffi"})
@NullMarked
package io.sallyport.crypto;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
