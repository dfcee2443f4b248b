/// Keys and certificates on tokens, by PKCS#11.
@NullMarked
package io.sallyport.drivers.token;

import org.jspecify.annotations.NullMarked;
