/// The Security Policy Database: which outbound packet is protected by which SA.
@NullMarked
package io.sallyport.ipsec.spd;

import org.jspecify.annotations.NullMarked;
