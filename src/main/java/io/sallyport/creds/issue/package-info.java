/// What an authority makes: certificates, requests for them, revocation lists and OCSP answers (RFC
/// 5280, 2986, 6960).
@NullMarked
package io.sallyport.creds.issue;

import org.jspecify.annotations.NullMarked;
