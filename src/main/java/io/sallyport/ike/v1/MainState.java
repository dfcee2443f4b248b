package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.machine.Input;
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
sealed interface MainState {
    /// What messages 1 and 2 settle.
    ///
    /// @param saBody the body of the initiator's SA payload, octet for octet: the hashes cover it
    record Chosen(IkeSuite suite, long lifeSeconds, Octets saBody, Features peer) {}

    /// What the peer's vendor IDs announce.
    record Features(boolean natTraversal, boolean deadPeerDetection) {}

    /// Public values and nonces of both ends.
    record Values(Octets publicI, Octets publicR, Octets nonceI, Octets nonceR) {}

    /// What a third or fourth message brings.
    record KeyMessage(
            Octets publicValue, Octets nonce, List<NatDetection> natDetection, Path path) {}

    record Idle() implements MainState {}

    record SaSent(Octets saBody, List<IkeSuite> offered) implements MainState {}

    record MakingKeyI(Chosen chosen, long job) implements MainState {}

    record KeySent(Chosen chosen, KeyAgreement.Ephemeral ours, Octets nonce) implements MainState {}

    record AgreeingI(Chosen chosen, Values values, NatTraversal.Finding nat, long job)
            implements MainState {}

    record AuthSent(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Protection protection,
            Octets iv)
            implements MainState {}

    record SaAnswered(Chosen chosen) implements MainState {}

    record MakingKeyR(Chosen chosen, KeyMessage received, long job) implements MainState {}

    /// @param early message 5, if it came before the shared secret was computed; else empty
    record AgreeingR(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            long job,
            List<Input.Datagram> early)
            implements MainState {}

    record AuthAwaited(
            Chosen chosen,
            Values values,
            NatTraversal.Finding nat,
            Protection protection,
            Octets iv)
            implements MainState {}

    record Done() implements MainState {}

    record Closed() implements MainState {}
}
