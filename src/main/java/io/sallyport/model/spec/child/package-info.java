/// Themes of a child SA that most connections leave at their defaults.
@NullMarked
package io.sallyport.model.spec.child;

import org.jspecify.annotations.NullMarked;
