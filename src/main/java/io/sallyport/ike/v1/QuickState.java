package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.ike.v1.offer.Phase2Life;
import io.sallyport.ike.v1.offer.Phase2Offer;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v1.Identification;
import java.util.List;

/// Quick mode, RFC 2409, 5.5 (S4-25: three messages).
///
/// ```text
///   initiator                                                    responder
///   Preparing  (a key for PFS)
///   OfferSent  --- 1: HASH(1), SA, Ni [, KE] [, IDci, IDcr] -->   Requested (a key for PFS), AgreeingR
///   AgreeingI  <-- 2: HASH(2), SA, Nr [, KE] [, IDci, IDcr] ---   Answered: inbound half installed
///   Over       --- 3: HASH(3) -------------------------------->   Over: outbound half in use
/// ```
sealed interface QuickState {
    /// Our half of the PFS exchange, if there is one.
    sealed interface Pfs {
        record None() implements Pfs {}

        record Ours(KeyAgreement.Ephemeral ephemeral) implements Pfs {}
    }

    /// What message 1 asks for, as the responder sees it.
    ///
    /// @param publicI empty without PFS
    /// @param ids the identities as they came, to be sent back
    record Request(
            ChildSpec child,
            Phase2Offer offer,
            SelectorPair selectors,
            Octets nonceI,
            Octets publicI,
            List<Identification> ids) {}

    /// What message 2 answers, as the initiator sees it.
    ///
    /// @param life of what was offered and what the responder says beside it, the shorter
    record Answer(Phase2Offer offer, Phase2Life life, SelectorPair selectors, Octets nonceR) {}

    record Preparing(long job) implements QuickState {}

    record OfferSent(Pfs pfs) implements QuickState {}

    record AgreeingI(Answer answer, long job) implements QuickState {}

    record Awaiting() implements QuickState {}

    record Requested(Request request, long job) implements QuickState {}

    record AgreeingR(Request request, Octets publicR, long job) implements QuickState {}

    record Answered(Request request, Octets nonceR, long childSaId) implements QuickState {}

    record Over(long since) implements QuickState {}
}
