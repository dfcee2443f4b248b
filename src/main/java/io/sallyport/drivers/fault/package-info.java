/// A bad line, seeded: loss, doubling, reordering.
@NullMarked
package io.sallyport.drivers.fault;

import org.jspecify.annotations.NullMarked;
