/// The engine of Intel's Multi-Buffer Crypto for IPsec library, where it is installed.
@NullMarked
package io.sallyport.crypto.ipsecmb;

import org.jspecify.annotations.NullMarked;
