/// Tunnel mode: what the outer header takes from the inner one, and gives back.
@NullMarked
package io.sallyport.ipsec.encap;

import org.jspecify.annotations.NullMarked;
