/// Intel's Multi-Buffer Crypto for IPsec library, where it is installed.
@NullMarked
package io.sallyport.ffi.ipsecmb;

import org.jspecify.annotations.NullMarked;
