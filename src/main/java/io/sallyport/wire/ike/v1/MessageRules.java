package io.sallyport.wire.ike.v1;

import io.sallyport.wire.ike.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Which payloads a message must and may carry, as a table (RFC 2409, 5; RFC 3947, 3.2 and 5.2).
///
/// In every message vendor IDs and payloads of unknown types are allowed and not counted here, as
/// are notifications; any other payload that its row does not name is refused.
public final class MessageRules {
    private static final int MANY = PayloadChain.MAX_PAYLOADS;

    /// At least and at most so many payloads of a type.
    private record Rule(Class<? extends Payload> payload, int min, int max) {}

    private static Rule one(Class<? extends Payload> payload) {
        return new Rule(payload, 1, 1);
    }

    private static Rule upTo(int max, Class<? extends Payload> payload) {
        return new Rule(payload, 0, max);
    }

    private static Rule any(Class<? extends Payload> payload) {
        return new Rule(payload, 0, MANY);
    }

    /// How the payloads of a message are ordered and joined beyond their numbers.
    private enum Form {
        /// RFC 2409, 5: "the SA payload MUST precede all other payloads in a phase 1 exchange".
        SA_FIRST,
        /// RFC 2409, 5.5: "a HASH payload MUST immediately follow the ISAKMP header".
        HASH_FIRST,
        /// RFC 2409, 5.5: "and a SA payload MUST immediately follow the HASH"; and client
        /// identities come as a pair or not at all.
        HASH_THEN_SA,
        /// Either a hash or a signature proves the sender.
        PROOF,
        /// First an SA, and a proof somewhere.
        SA_FIRST_PROOF,
        ANY_ORDER
    }

    /// A message by its place in its exchange.
    public enum MessageKind {
        /// Main mode 1 and 2: `HDR, SA`.
        MAIN_SA(Form.SA_FIRST, one(SaPayload.class), any(CertificateRequest.class)),
        /// Main mode 3 and 4: `HDR, KE, Nonce, (NAT-D, NAT-D)`.
        MAIN_KEY(
                Form.ANY_ORDER,
                one(KeyExchange.class),
                one(Nonce.class),
                any(NatDetection.class),
                any(CertificateRequest.class)),
        /// Main mode 5 and 6: `HDR*, ID, HASH` or `HDR*, ID, [CERT,] SIG`.
        MAIN_AUTH(
                Form.PROOF,
                one(Identification.class),
                upTo(1, Hash.class),
                upTo(1, Signature.class),
                any(Certificate.class),
                any(CertificateRequest.class)),
        /// Aggressive mode 1: `HDR, SA, KE, Nonce, ID`.
        AGGRESSIVE_1(
                Form.SA_FIRST,
                one(SaPayload.class),
                one(KeyExchange.class),
                one(Nonce.class),
                one(Identification.class),
                any(CertificateRequest.class)),
        /// Aggressive mode 2: `HDR, SA, KE, Nonce, ID, HASH`.
        AGGRESSIVE_2(
                Form.SA_FIRST_PROOF,
                one(SaPayload.class),
                one(KeyExchange.class),
                one(Nonce.class),
                one(Identification.class),
                upTo(1, Hash.class),
                upTo(1, Signature.class),
                any(NatDetection.class),
                any(Certificate.class),
                any(CertificateRequest.class)),
        /// Aggressive mode 3: `HDR, HASH`.
        AGGRESSIVE_3(
                Form.PROOF,
                upTo(1, Hash.class),
                upTo(1, Signature.class),
                any(NatDetection.class),
                any(Certificate.class)),
        /// Quick mode 1: `HDR*, HASH(1), SA, Ni [, KE] [, IDci, IDcr]`.
        QUICK_1(
                Form.HASH_THEN_SA,
                one(Hash.class),
                one(SaPayload.class),
                one(Nonce.class),
                upTo(1, KeyExchange.class),
                upTo(2, Identification.class),
                upTo(2, NatOriginalAddress.class)),
        /// Quick mode 2: `HDR*, HASH(2), SA, Nr [, KE] [, IDci, IDcr]`.
        QUICK_2(
                Form.HASH_THEN_SA,
                one(Hash.class),
                one(SaPayload.class),
                one(Nonce.class),
                upTo(1, KeyExchange.class),
                upTo(2, Identification.class),
                upTo(2, NatOriginalAddress.class)),
        /// Quick mode 3: `HDR*, HASH(3)`; and a fourth with the commit flag.
        QUICK_3(Form.HASH_FIRST, one(Hash.class)),
        /// Under an ISAKMP SA: `HDR*, HASH(1), N/D`.
        INFORMATIONAL(Form.HASH_FIRST, one(Hash.class), any(Delete.class)),
        /// Before there are keys: `HDR, N/D` (RFC 2409, 5.7); a hint at most.
        INFORMATIONAL_CLEAR(Form.ANY_ORDER, any(Delete.class)),
        /// Mode configuration and XAuth: `HDR*, HASH, ATTR`.
        TRANSACTION(Form.HASH_FIRST, one(Hash.class), one(Attributes.class));

        private final Form form;
        private final List<Rule> rules;

        MessageKind(Form form, Rule... rules) {
            List<Rule> all = new ArrayList<>(List.of(rules));
            all.add(any(Notification.class));
            all.add(any(VendorId.class));
            all.add(any(Payload.Unknown.class));
            this.form = form;
            this.rules = List.copyOf(all);
        }
    }

    private MessageRules() {}

    /// @throws MalformedException if a payload is missing, one too many, or in a place where it
    ///   must not be; its offset is the index of the payload, since octets are gone
    public static void check(MessageKind kind, List<Payload> payloads) throws MalformedException {
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            if (kind.rules.stream().noneMatch(rule -> rule.payload.isInstance(payload))) {
                throw new MalformedException(name(payload.getClass()) + " in " + kind, i);
            }
        }
        for (Rule rule : kind.rules) {
            long count = count(rule.payload, payloads);
            if (count < rule.min || count > rule.max) {
                throw new MalformedException(
                        count + " of " + name(rule.payload) + " in " + kind, payloads.size());
            }
        }
        checkForm(kind, payloads);
    }

    private static void checkForm(MessageKind kind, List<Payload> payloads)
            throws MalformedException {
        switch (kind.form) {
            case SA_FIRST -> at(0, SaPayload.class, kind, payloads);
            case HASH_FIRST -> at(0, Hash.class, kind, payloads);
            case HASH_THEN_SA -> {
                at(0, Hash.class, kind, payloads);
                at(1, SaPayload.class, kind, payloads);
                if (count(Identification.class, payloads) == 1) {
                    throw new MalformedException("one identity alone in " + kind, payloads.size());
                }
            }
            case PROOF -> proof(kind, payloads);
            case SA_FIRST_PROOF -> {
                at(0, SaPayload.class, kind, payloads);
                proof(kind, payloads);
            }
            case ANY_ORDER -> {}
        }
    }

    private static void at(
            int index, Class<? extends Payload> payload, MessageKind kind, List<Payload> payloads)
            throws MalformedException {
        if (payloads.size() <= index || !payload.isInstance(payloads.get(index))) {
            throw new MalformedException(
                    "payload " + index + " of " + kind + " is no " + name(payload), index);
        }
    }

    private static void proof(MessageKind kind, List<Payload> payloads) throws MalformedException {
        if (count(Hash.class, payloads) + count(Signature.class, payloads) != 1) {
            throw new MalformedException(
                    "neither or both of hash and signature in " + kind, payloads.size());
        }
    }

    private static long count(Class<? extends Payload> payload, List<Payload> payloads) {
        return payloads.stream().filter(payload::isInstance).count();
    }

    private static String name(Class<? extends Payload> payload) {
        return payload.getSimpleName();
    }
}
