/// Packets larger than the tunnel: told to the sender, cut, or avoided by the MSS clamp.
@NullMarked
package io.sallyport.ipsec.fragment;

import org.jspecify.annotations.NullMarked;
