/// Whole gateways in one process, on a seeded bad network and in virtual time.
@NullMarked
package io.sallyport.sim;

import org.jspecify.annotations.NullMarked;
