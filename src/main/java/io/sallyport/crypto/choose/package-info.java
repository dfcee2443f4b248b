/// Which engine runs which algorithm: known answers first, preference second.
@NullMarked
package io.sallyport.crypto.choose;

import org.jspecify.annotations.NullMarked;
