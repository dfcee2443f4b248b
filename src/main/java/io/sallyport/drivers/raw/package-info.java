/// Raw IP sockets for ESP as a protocol of its own.
@NullMarked
package io.sallyport.drivers.raw;

import org.jspecify.annotations.NullMarked;
