/// Whether a certificate was revoked: lists (RFC 5280, 5 and 6.3) and answers of OCSP (RFC 6960).
@NullMarked
package io.sallyport.creds.revocation;

import org.jspecify.annotations.NullMarked;
