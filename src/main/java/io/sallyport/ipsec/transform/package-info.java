/// ESP over runs of a batch: headers, trailers and checks round the cipher.
@NullMarked
package io.sallyport.ipsec.transform;

import org.jspecify.annotations.NullMarked;
