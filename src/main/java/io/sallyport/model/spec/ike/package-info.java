/// Themes of an IKE SA that most connections leave at their defaults.
@NullMarked
package io.sallyport.model.spec.ike;

import org.jspecify.annotations.NullMarked;
