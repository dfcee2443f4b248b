/// The block cipher Camellia, which JCE does not have.
@NullMarked
package io.sallyport.crypto.camellia;

import org.jspecify.annotations.NullMarked;
