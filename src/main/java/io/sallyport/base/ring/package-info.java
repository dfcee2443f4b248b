/// The only ways across threads.
@NullMarked
package io.sallyport.base.ring;

import org.jspecify.annotations.NullMarked;
