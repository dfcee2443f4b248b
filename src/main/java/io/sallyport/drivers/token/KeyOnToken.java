package io.sallyport.drivers.token;

import io.sallyport.base.Octets;
import io.sallyport.ffi.cryptoki.TokenInfo;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;

/// A private key as it was found.
///
/// @param session the number of the session in which it was found
/// @param object its handle, good for that session
/// @param certificates beside it, in DER
/// @param mechanisms of the token
/// @param wantsPin for each signature anew (`CKA_ALWAYS_AUTHENTICATE`)
record KeyOnToken(
        TokenInfo token,
        long session,
        long object,
        PublicKey publicKey,
        List<Octets> certificates,
        Set<Long> mechanisms,
        boolean wantsPin) {}
