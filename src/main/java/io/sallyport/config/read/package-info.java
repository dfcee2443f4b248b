/// The door: files in, one checked model out.
@NullMarked
package io.sallyport.config.read;

import org.jspecify.annotations.NullMarked;
