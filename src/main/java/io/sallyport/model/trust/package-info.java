/// Shown and judged: what proves who somebody is, ours and the peer's.
@NullMarked
package io.sallyport.model.trust;

import org.jspecify.annotations.NullMarked;
