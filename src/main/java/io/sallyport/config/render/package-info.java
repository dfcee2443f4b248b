/// The model as text for people.
@NullMarked
package io.sallyport.config.render;

import org.jspecify.annotations.NullMarked;
