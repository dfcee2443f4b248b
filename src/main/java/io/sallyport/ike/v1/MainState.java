package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.v1.offer.AuthenticationMethod;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v1.NatDetection;
import java.util.List;

/// Main mode, RFC 2409, 5.4. Each state holds what is known then, and nothing else (S4-21: six
/// messages).
///
/// ```text
///   initiator                                               responder
///   Idle       --- 1: SA ------------------------------>    (new)
///   SaSent     <-- 2: SA -------------------------------    SaAnswered
///   MakingKeyI
///   KeySent    --- 3: KE, Ni, NAT-D, NAT-D ------------>    MakingKeyR
///   AgreeingI  <-- 4: KE, Nr, NAT-D, NAT-D -------------    AgreeingR
///   AuthSent   --- 5: IDii, HASH_I  (encrypted) ------->    AuthAwaited
///   Done       <-- 6: IDir, HASH_R  (encrypted) --------    Done
/// ```
///
/// With signatures (RFC 2409, 5.1) the proofs take their time: each end makes its own and has the
/// peer's judged while messages wait.
///
/// ```text
///   AgreeingI  <-- 4: KE, Nr, NAT-D, NAT-D, [CERTREQ] --    AgreeingR
///   SigningI
///   AuthSent   --- 5: IDii, [CERT,] [CERTREQ,] SIG_I -->    AuthAwaited
///                                                           JudgingR
///                                                           SigningR
///   JudgingI   <-- 6: IDir, [CERT,] SIG_R --------------    Done
///   Done
/// ```
sealed interface MainState {
    /// What messages 1 and 2 settle.
    ///
    /// @param saBody the body of the initiator's SA payload, octet for octet: the hashes cover it
    record Chosen(
            IkeSuite suite,
            AuthenticationMethod method,
            long lifeSeconds,
            Octets saBody,
            Features peer) {}

    /// What the peer's vendor IDs announce.
    record Features(boolean natTraversal, boolean deadPeerDetection) {}

    /// Public values and nonces of both ends.
    record Values(Octets publicI, Octets publicR, Octets nonceI, Octets nonceR) {}

    /// What a third or fourth message brings.
    record KeyMessage(
            Octets publicValue,
            Octets nonce,
            List<NatDetection> natDetection,
            Certificates.Asked asked,
            Path path) {}

    /// A message 5 or 6 with a signature that is not judged yet: a claim, no more.
    ///
    /// @param identity claimed
    /// @param meant whose peer it may be, in order of trial; the first is on trial
    record Claim(
            Protection.Opened opened,
            Input.Datagram datagram,
            Identity identity,
            List<Connection> meant) {}

    record Idle() implements MainState {}

    record SaSent(Octets saBody, List<IkeSuite> offered, List<AuthenticationMethod> methods)
            implements MainState {}

    record MakingKeyI(Chosen chosen, long job) implements MainState {}

    record KeySent(Chosen chosen, KeyAgreement.Ephemeral ours, Octets nonce) implements MainState {}

    record AgreeingI(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Certificates.Asked asked,
            long job)
            implements MainState {}

    record SigningI(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Certificates.Asked asked,
            Protection protection,
            Proofs.Own own,
            long job)
            implements MainState {}

    /// @param us who we said we are
    /// @param refused messages whose signatures proved nothing: they are not judged again
    record AuthSent(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Protection protection,
            Octets iv,
            Identity us,
            List<Octets> refused)
            implements MainState {}

    record JudgingI(AuthSent sent, Claim claim, long job) implements MainState {}

    record SaAnswered(Chosen chosen) implements MainState {}

    record MakingKeyR(Chosen chosen, KeyMessage received, long job) implements MainState {}

    /// @param early message 5, if it came before the shared secret was computed; else empty
    record AgreeingR(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Certificates.Asked asked,
            long job,
            List<Input.Datagram> early)
            implements MainState {}

    /// @param refused messages whose signatures proved nothing: they are not judged again
    record AuthAwaited(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Certificates.Asked asked,
            Protection protection,
            Octets iv,
            List<Octets> refused)
            implements MainState {}

    record JudgingR(AuthAwaited awaited, Claim claim, long job) implements MainState {}

    /// The peer is who it says; our proof is being made.
    record SigningR(AuthAwaited awaited, Claim claim, Proofs.Own own, long job)
            implements MainState {}

    record Done() implements MainState {}

    record Closed() implements MainState {}
}
