/// EAP (RFC 3748) as machines: a packet goes in, the next one comes out. Both ends of each method.
@NullMarked
package io.sallyport.ike.eap;

import org.jspecify.annotations.NullMarked;
