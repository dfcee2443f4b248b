package io.sallyport.model.spec.ike;

import io.sallyport.base.Octets;

/// How an IKE SA is set up.
///
/// @param keyingTries attempts before giving up; 0: for ever
/// @param aggressive aggressive mode of IKEv1 (RFC 2409, 5.4)
/// @param resumption tickets are given and asked for, and IKE SAs resumed by them (RFC 5723)
public record HandshakeSpec(
        int keyingTries,
        Unique unique,
        boolean aggressive,
        Childless childless,
        CertificateExchange certificates,
        Ppk ppk,
        boolean resumption) {
    /// strongSwan's defaults.
    public static final HandshakeSpec DEFAULT =
            new HandshakeSpec(
                    1,
                    Unique.NO,
                    false,
                    Childless.ALLOW,
                    CertificateExchange.DEFAULT,
                    Ppk.NONE,
                    false);

    /// What becomes of an IKE SA when another one is made with the same identities.
    public enum Unique {
        /// INITIAL_CONTACT is neither sent nor heeded.
        NEVER,
        /// The old one goes only if the peer says INITIAL_CONTACT.
        NO,
        /// The new one is refused.
        KEEP,
        /// The old one goes.
        REPLACE
    }

    /// IKE SAs without a child (RFC 6023).
    public enum Childless {
        NEVER,
        /// Accepted as responder.
        ALLOW,
        /// Also as initiator, where the peer can.
        PREFER,
        FORCE
    }

    /// Certificates and what is said about them.
    ///
    /// @param request CERTREQ payloads are sent
    public record CertificateExchange(Send send, boolean request, Ocsp ocsp) {
        public static final CertificateExchange DEFAULT =
                new CertificateExchange(Send.IF_ASKED, true, Ocsp.REPLY);

        /// When our certificate is sent.
        public enum Send {
            NEVER,
            IF_ASKED,
            ALWAYS
        }

        /// OCSP inside IKE (RFC 4806).
        public enum Ocsp {
            NEVER,
            REPLY,
            REQUEST,
            BOTH
        }
    }

    /// A post-quantum pre-shared key (RFC 8784).
    ///
    /// @param id empty: none
    public record Ppk(Octets id, boolean required) {
        public static final Ppk NONE = new Ppk(Octets.EMPTY, false);

        public boolean isSet() {
            return id.length() > 0 || required;
        }
    }

    public HandshakeSpec tries(int tries) {
        return new HandshakeSpec(
                tries, unique, aggressive, childless, certificates, ppk, resumption);
    }

    public HandshakeSpec childless(Childless policy) {
        return new HandshakeSpec(
                keyingTries, unique, aggressive, policy, certificates, ppk, resumption);
    }

    public HandshakeSpec ppk(Ppk key) {
        return new HandshakeSpec(
                keyingTries, unique, aggressive, childless, certificates, key, resumption);
    }

    public HandshakeSpec certificates(CertificateExchange exchange) {
        return new HandshakeSpec(
                keyingTries, unique, aggressive, childless, exchange, ppk, resumption);
    }

    public HandshakeSpec unique(Unique policy) {
        return new HandshakeSpec(
                keyingTries, policy, aggressive, childless, certificates, ppk, resumption);
    }

    public HandshakeSpec resumption(boolean on) {
        return new HandshakeSpec(keyingTries, unique, aggressive, childless, certificates, ppk, on);
    }
}
