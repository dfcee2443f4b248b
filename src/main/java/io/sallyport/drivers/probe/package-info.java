/// ICMP echo: is a host there, and how far.
@NullMarked
package io.sallyport.drivers.probe;

import org.jspecify.annotations.NullMarked;
