/// Bursts of datagrams over one socket by recvmmsg and sendmmsg, with their local addresses.
@NullMarked
package io.sallyport.drivers.socket;

import org.jspecify.annotations.NullMarked;
