/// Names of X.500.
@NullMarked
package io.sallyport.base.name;

import org.jspecify.annotations.NullMarked;
