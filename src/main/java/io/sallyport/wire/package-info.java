/// Octets to meaning and back, nothing else.
@Room(uses = {"base"})
@NullMarked
package io.sallyport.wire;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
