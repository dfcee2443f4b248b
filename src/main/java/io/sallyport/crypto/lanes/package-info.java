/// Hashes of many packets side by side, in Java: for processors whose JDK has no quick hash.
@NullMarked
package io.sallyport.crypto.lanes;

import org.jspecify.annotations.NullMarked;
