package io.sallyport.model.trust;

import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;

/// What one end brings to TLS, and demands of the other (RFC 5216). Both show a certificate.
///
/// @param server whether it is TLS's server
/// @param own by which of our keys it shows itself
/// @param peer whose certificate the other end must show
/// @param demand what else is demanded of that certificate
public record TlsEnd(boolean server, AuthSpec.Pubkey own, Identity peer, AuthSpec.Pubkey demand) {}
