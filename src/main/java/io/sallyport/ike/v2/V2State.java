package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.ike.PathSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// IKE_SA_INIT and IKE_AUTH (RFC 7296, 1.2): each state holds just what is known then.
sealed interface V2State {
    /// Nothing was sent or received.
    record Idle() implements V2State {}

    /// Initiator: an ephemeral key is being made.
    record MakingKeyI(Group group, long job) implements V2State {}

    /// Initiator: IKE_SA_INIT is sent.
    record InitSent(Group group, KeyAgreement.Ephemeral ours, Octets message) implements V2State {}

    /// Initiator: the shared secret is being computed.
    record AgreeingI(Init init, long job) implements V2State {}

    /// Initiator: an ephemeral key for IKE_INTERMEDIATE is being made.
    record MakingIntermediateI(Init init, Group group, long job) implements V2State {}

    /// Initiator: IKE_INTERMEDIATE is sent.
    record IntermediateSent(Init init, Group group, KeyAgreement.Ephemeral ours)
            implements V2State {}

    /// Initiator: IKE_INTERMEDIATE is sent to hear how we may prove ourselves (RFC 9593).
    record MethodsAsked(Init init) implements V2State {}

    /// Initiator: the shared secret of IKE_INTERMEDIATE is being computed.
    record AgreeingIntermediateI(Init init, long job) implements V2State {}

    /// Initiator: our AUTH is being signed.
    record ProvingI(Init init, long job) implements V2State {}

    /// Initiator: IKE_AUTH is sent.
    record AuthSent(Init init) implements V2State {}

    /// Initiator: the peer's signature and certificates are being judged.
    record JudgingI(Init init, long job) implements V2State {}

    /// Initiator: a response of EAP is sent.
    record EapSent(Init init) implements V2State {}

    /// Initiator: TLS inside of EAP is being computed.
    record EapSpeakingI(Init init, long job) implements V2State {}

    /// Initiator: EAP is done, and our AUTH by what it left is sent.
    record EapAuthSent(Init init) implements V2State {}

    /// Responder: an ephemeral key is being made.
    record MakingKeyR(Request request, long job) implements V2State {}

    /// Responder: the shared secret is being computed; then IKE_SA_INIT is answered.
    record AgreeingR(Request request, Octets publicR, long job) implements V2State {}

    /// Responder: IKE_INTERMEDIATE is due, or may come.
    record IntermediateAwaited(Init init) implements V2State {}

    /// Responder: our part of IKE_INTERMEDIATE is being computed.
    record AnsweringIntermediate(Init init, long job) implements V2State {}

    /// Responder: IKE_SA_INIT is answered.
    record AuthAwaited(Init init) implements V2State {}

    /// Responder: the peer's signature and certificates are being judged.
    record JudgingR(Init init, long job) implements V2State {}

    /// Responder: the peer is who it says; our AUTH is being signed.
    record ProvingR(Init init, long job) implements V2State {}

    /// Responder: our AUTH is sent; a response of EAP is due.
    record EapAwaited(Init init) implements V2State {}

    /// Responder: TLS inside of EAP is being computed.
    record EapSpeakingR(Init init, long job) implements V2State {}

    /// Responder: EAP is done; the peer's AUTH by what it left is due.
    record EapAuthAwaited(Init init) implements V2State {}

    /// Initiator: a ticket is shown (RFC 5723).
    record ResumeSent(Octets message) implements V2State {}

    /// Responder: the ticket is one of ours; the AUTH of whoever has its key is due.
    record ResumeAuthAwaited(Init init) implements V2State {}

    /// Both ends are authenticated.
    record Done() implements V2State {}

    record Closed() implements V2State {}

    /// What the peer's IKE_SA_INIT request says.
    record Request(
            IkeOffers.Choice choice,
            Octets publicI,
            Octets nonceI,
            Octets message,
            NatCheck.Finding nat,
            Features peer) {}

    /// What both know after IKE_SA_INIT.
    ///
    /// @param messageI the initiator's message as it was sent, which AUTH covers
    /// @param asked the certificates that the responder asked for
    /// @param intAuth what AUTH covers of IKE_INTERMEDIATE; empty without
    record Init(
            IkeOffers.Choice choice,
            Octets nonceI,
            Octets nonceR,
            Octets messageI,
            Octets messageR,
            NatCheck.Finding nat,
            Features peer,
            Certificates.Asked asked,
            Octets intAuth) {
        Init with(Octets intermediate) {
            return new Init(
                    choice, nonceI, nonceR, messageI, messageR, nat, peer, asked, intermediate);
        }

        /// @param now what the responder asks for by now
        Init asked(Certificates.Asked now) {
            return new Init(choice, nonceI, nonceR, messageI, messageR, nat, peer, now, intAuth);
        }
    }

    /// What the peer said it can do.
    ///
    /// @param fragmentation RFC 7383
    /// @param childless RFC 6023
    /// @param ppk RFC 8784: it has some post-quantum preshared key
    /// @param intermediate RFC 9242
    /// @param redirects RFC 5685: it goes where it is sent
    /// @param hashes that it can check signatures with (RFC 7427); empty: it does not know that RFC
    /// @param natTraversal RFC 7296, 2.23: it looked for a NAT, so it hears on port 4500
    record Features(
            boolean fragmentation,
            boolean childless,
            boolean ppk,
            boolean intermediate,
            boolean redirects,
            Set<SignatureHash> hashes,
            boolean natTraversal) {
        static final Features NONE =
                new Features(false, false, false, false, false, Set.of(), false);

        public Features {
            hashes = Set.copyOf(hashes);
        }

        /// RFC 7383, 2.3: fragments are used only if both ends said that they can.
        static boolean offersFragments(IkeSpec spec) {
            return spec.path().fragmentation() == PathSpec.Fragmentation.YES
                    || spec.path().fragmentation() == PathSpec.Fragmentation.FORCE;
        }

        Features without(boolean fragments) {
            return new Features(
                    fragmentation && !fragments,
                    childless,
                    ppk,
                    intermediate,
                    redirects,
                    hashes,
                    natTraversal);
        }

        Features withPpk(boolean both) {
            return new Features(
                    fragmentation, childless, both, intermediate, redirects, hashes, natTraversal);
        }

        static Features of(PayloadChain chain) {
            return new Features(
                    chain.notify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED.number()).isPresent(),
                    chain.notify(NotifyType.CHILDLESS_IKEV2_SUPPORTED.number()).isPresent(),
                    chain.notify(NotifyType.USE_PPK.number()).isPresent(),
                    chain.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED.number()).isPresent(),
                    chain.notify(NotifyType.REDIRECT_SUPPORTED.number()).isPresent()
                            || chain.notify(NotifyType.REDIRECTED_FROM.number()).isPresent(),
                    hashes(chain),
                    chain.notify(NotifyType.NAT_DETECTION_SOURCE_IP.number()).isPresent()
                            && chain.notify(NotifyType.NAT_DETECTION_DESTINATION_IP.number())
                                    .isPresent());
        }

        private static Set<SignatureHash> hashes(PayloadChain chain) {
            Set<SignatureHash> all = EnumSet.noneOf(SignatureHash.class);
            Optional<Notify> said = chain.notify(NotifyType.SIGNATURE_HASH_ALGORITHMS.number());
            try {
                if (said.isPresent()) {
                    for (HashAlgorithm h : Notices.hashAlgorithms(said.get())) {
                        SignatureHash.byNumber(h.number()).ifPresent(all::add);
                    }
                }
            } catch (MalformedException _) {
                return Set.of(); // as if it had not been said
            }
            return all;
        }
    }
}
