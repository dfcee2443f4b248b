/// TCP connections that carry IKE and ESP (RFC 9329).
@NullMarked
package io.sallyport.drivers.tcp;

import org.jspecify.annotations.NullMarked;
