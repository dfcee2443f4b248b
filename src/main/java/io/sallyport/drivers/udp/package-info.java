/// UDP sockets for IKE and for ESP in UDP.
@NullMarked
package io.sallyport.drivers.udp;

import org.jspecify.annotations.NullMarked;
