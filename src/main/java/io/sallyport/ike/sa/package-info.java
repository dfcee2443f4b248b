/// Connections, their sessions and their child SAs: what both versions of IKE share.
@NullMarked
package io.sallyport.ike.sa;

import org.jspecify.annotations.NullMarked;
