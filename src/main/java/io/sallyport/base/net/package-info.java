/// Addresses, prefixes, ranges, selectors: exact at both ends of the number space.
@NullMarked
package io.sallyport.base.net;

import org.jspecify.annotations.NullMarked;
