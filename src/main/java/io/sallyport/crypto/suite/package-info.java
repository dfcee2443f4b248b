/// Algorithms as enum data: IANA numbers, sizes, names; proposals and chosen suites.
@NullMarked
package io.sallyport.crypto.suite;

import org.jspecify.annotations.NullMarked;
