/// ASN.1 in DER (X.690): reading with bounds, and writing.
@NullMarked
package io.sallyport.creds.der;

import org.jspecify.annotations.NullMarked;
