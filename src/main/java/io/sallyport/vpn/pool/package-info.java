/// Addresses that are lent to peers.
@NullMarked
package io.sallyport.vpn.pool;

import org.jspecify.annotations.NullMarked;
