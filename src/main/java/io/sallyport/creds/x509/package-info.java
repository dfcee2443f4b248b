/// Certificates: whose they are, who vouches for them, and what a peer's proof is worth.
@NullMarked
package io.sallyport.creds.x509;

import org.jspecify.annotations.NullMarked;
