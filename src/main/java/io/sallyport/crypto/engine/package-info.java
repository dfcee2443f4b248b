/// What a crypto engine must offer.
@NullMarked
package io.sallyport.crypto.engine;

import org.jspecify.annotations.NullMarked;
