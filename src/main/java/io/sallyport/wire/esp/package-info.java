/// Checked views on ESP and on what shares its UDP port.
@NullMarked
package io.sallyport.wire.esp;

import org.jspecify.annotations.NullMarked;
