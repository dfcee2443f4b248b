/// Installed: security associations and what is known of them.
@NullMarked
package io.sallyport.model.sa;

import org.jspecify.annotations.NullMarked;
