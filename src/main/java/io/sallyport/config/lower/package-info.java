/// From words to model values, shared by the dialects: identities, proposals, selectors.
@NullMarked
package io.sallyport.config.lower;

import org.jspecify.annotations.NullMarked;
