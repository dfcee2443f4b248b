/// Proofs of identity.
@NullMarked
package io.sallyport.ike.auth;

import org.jspecify.annotations.NullMarked;
