/// Choosing: proposals against proposals, traffic selectors against traffic selectors.
@NullMarked
package io.sallyport.ike.select;

import org.jspecify.annotations.NullMarked;
