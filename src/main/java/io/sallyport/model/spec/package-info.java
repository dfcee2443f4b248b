/// Wanted: what a configuration says, whatever dialect it was written in.
@NullMarked
package io.sallyport.model.spec;

import org.jspecify.annotations.NullMarked;
