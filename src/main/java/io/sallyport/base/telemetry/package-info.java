/// Counters that others may read while one thread writes, and the names of every drop.
@NullMarked
package io.sallyport.base.telemetry;

import org.jspecify.annotations.NullMarked;
