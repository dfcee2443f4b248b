package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;

/// A Diffie-Hellman exchange in one group. Any thread.
public interface KeyAgreement {
    /// A fresh private value. Costs a scalar multiplication or an exponentiation.
    Ephemeral generate();

    /// Our half of one exchange.
    interface Ephemeral extends AutoCloseable {
        /// As it goes into the KE payload: fixed length, see
        /// [io.sallyport.crypto.suite.Group#publicOctets()].
        Octets publicValue();

        /// The shared secret: for MODP the full prime's length with leading zeros (RFC 2409, 5),
        /// for ECP the x coordinate (RFC 5903, 9).
        ///
        /// @throws BadPublicValue if the peer's value fails the checks of RFC 6989
        Secret agree(Octets peerPublic) throws BadPublicValue;

        @Override
        void close();
    }

    /// The peer's public value is no legal one.
    final class BadPublicValue extends Exception {
        private static final long serialVersionUID = 1;

        public BadPublicValue(String why) {
            super(why, null, false, false);
        }
    }
}
