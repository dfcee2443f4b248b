package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;

/// A Diffie-Hellman exchange in one group. Any thread.
public interface KeyAgreement {
    /// A fresh private value. Costs a scalar multiplication or an exponentiation.
    Ephemeral generate();

    /// An exchange with a pair that was made before: for known answers.
    ///
    /// @param privateValue an exponent or scalar as the RFCs print it: big endian, little endian
    ///   with X25519
    default Ephemeral restore(Secret privateValue, Octets publicValue) {
        throw new UnsupportedOperationException("pairs cannot be restored");
    }

    /// The responder's part in one step: its own value and the secret. With a KEM
    /// ([io.sallyport.crypto.suite.Group.Kind#KEM]) the only way to answer: the value is a
    /// ciphertext made by the initiator's key; [#generate()] is the initiator's there, and
    /// [Ephemeral#agree] takes the ciphertext.
    ///
    /// @throws BadPublicValue if the initiator's value fails the checks of RFC 6989
    default Answer answer(Octets peerPublic) throws BadPublicValue {
        try (Ephemeral own = generate()) {
            return new Answer(own.publicValue(), own.agree(peerPublic));
        }
    }

    /// What a responder sends, and what both then know; the secret is the caller's to close.
    record Answer(Octets publicValue, Secret secret) {}

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
