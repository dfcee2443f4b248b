/// Files of keys and certificates: PEM and DER, PKCS#1, SEC 1, PKCS#8, PKCS#12.
@NullMarked
package io.sallyport.creds.pem;

import org.jspecify.annotations.NullMarked;
