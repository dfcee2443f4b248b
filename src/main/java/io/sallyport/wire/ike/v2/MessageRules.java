package io.sallyport.wire.ike.v2;

import io.sallyport.wire.ike.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Which payloads a message must and may carry, in the clear or sealed, as a table (RFC 7296,
/// appendix C, and the extensions that bring an exchange of their own).
///
/// Notifies, vendor IDs and unknown payloads may stand in every message and are not in the table;
/// any other payload that its row does not name is refused. An unknown payload with the critical
/// bit is not the table's matter: ask [PayloadChain#unsupportedCritical] first.
public final class MessageRules {
    private static final int MANY = PayloadChain.MAX_PAYLOADS;

    /// At least and at most so many payloads of a type.
    private record Rule(int payload, int min, int max) {}

    private static Rule one(int payload) {
        return new Rule(payload, 1, 1);
    }

    private static Rule maybe(int payload) {
        return new Rule(payload, 0, 1);
    }

    private static Rule any(int payload) {
        return new Rule(payload, 0, MANY);
    }

    /// What holds beyond numbers.
    private enum Form {
        PLAIN,
        /// All of its rules, or an error or other notify alone: what a refusal looks like.
        OR_NOTIFY,
        /// SA, TSi and TSr together or not at all (without: RFC 6023).
        CHILD,
        /// `CHILD`, and something must be proved, asked or refused.
        CHILD_OR_PROOF,
        /// TSi and TSr for a child; neither of them and a KE for the IKE SA.
        CREATE,
        /// `CREATE`, or notifies alone.
        CREATE_OR_NOTIFY
    }

    /// A message by its place in its exchange. The names of the exchanges are those of
    /// [ExchangeType].
    public enum MessageKind {
        /// `HDR, [N(COOKIE),] SAi1, KEi, Ni`.
        IKE_SA_INIT_REQUEST(
                false,
                Form.PLAIN,
                one(PayloadType.SA),
                one(PayloadType.KEY_EXCHANGE),
                one(PayloadType.NONCE)),
        /// `HDR, SAr1, KEr, Nr, [CERTREQ]`, or a notify.
        IKE_SA_INIT_RESPONSE(
                false,
                Form.OR_NOTIFY,
                one(PayloadType.SA),
                one(PayloadType.KEY_EXCHANGE),
                one(PayloadType.NONCE),
                any(PayloadType.CERTIFICATE_REQUEST)),
        /// `HDR, [N(COOKIE),] Ni, N(TICKET_OPAQUE)` (RFC 5723, 4.3.2).
        IKE_SESSION_RESUME_REQUEST(false, Form.PLAIN, one(PayloadType.NONCE)),
        /// `HDR, Nr`, or a notify (RFC 5723, 4.3.2).
        IKE_SESSION_RESUME_RESPONSE(false, Form.OR_NOTIFY, one(PayloadType.NONCE)),
        /// `HDR, SK {...}`; here with additional key exchanges (RFC 9242, 3.2; RFC 9370, 2.2.1),
        /// and who asks for methods may say who it is (RFC 9593, 3.1).
        IKE_INTERMEDIATE_REQUEST(
                true,
                Form.PLAIN,
                maybe(PayloadType.KEY_EXCHANGE),
                maybe(PayloadType.ID_INITIATOR),
                maybe(PayloadType.ID_RESPONDER)),
        /// With the CERTREQs that announced methods point into (RFC 9593, 3.1).
        IKE_INTERMEDIATE_RESPONSE(
                true,
                Form.PLAIN,
                maybe(PayloadType.KEY_EXCHANGE),
                any(PayloadType.CERTIFICATE_REQUEST)),
        /// The first of IKE_AUTH: `HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] [AUTH,] SAi2, TSi,
        /// TSr}`. Without AUTH it asks for EAP.
        IKE_AUTH_REQUEST(
                true,
                Form.CHILD,
                one(PayloadType.ID_INITIATOR),
                any(PayloadType.CERTIFICATE),
                any(PayloadType.CERTIFICATE_REQUEST),
                maybe(PayloadType.ID_RESPONDER),
                maybe(PayloadType.AUTHENTICATION),
                maybe(PayloadType.CONFIGURATION),
                maybe(PayloadType.SA),
                maybe(PayloadType.TS_INITIATOR),
                maybe(PayloadType.TS_RESPONDER)),
        /// A later one, with EAP or in another round of RFC 4739: `HDR, SK {EAP}`, `HDR, SK {AUTH}`
        /// or `HDR, SK {IDi, [CERT,] [AUTH]}`.
        IKE_AUTH_REQUEST_LATER(
                true,
                Form.CHILD_OR_PROOF,
                maybe(PayloadType.EAP),
                maybe(PayloadType.AUTHENTICATION),
                maybe(PayloadType.ID_INITIATOR),
                any(PayloadType.CERTIFICATE),
                any(PayloadType.CERTIFICATE_REQUEST)),
        /// Any of IKE_AUTH: `HDR, SK {IDr, [CERT,] AUTH, SAr2, TSi, TSr}`, with EAP `HDR, SK {IDr,
        /// [CERT,] AUTH, EAP}`, `HDR, SK {EAP}` and `HDR, SK {AUTH, SAr2, TSi, TSr}`; or a notify.
        IKE_AUTH_RESPONSE(
                true,
                Form.CHILD_OR_PROOF,
                maybe(PayloadType.ID_RESPONDER),
                any(PayloadType.CERTIFICATE),
                any(PayloadType.CERTIFICATE_REQUEST),
                maybe(PayloadType.AUTHENTICATION),
                maybe(PayloadType.EAP),
                maybe(PayloadType.CONFIGURATION),
                maybe(PayloadType.SA),
                maybe(PayloadType.TS_INITIATOR),
                maybe(PayloadType.TS_RESPONDER)),
        /// `HDR, SK {[N(REKEY_SA),] SA, Ni, [KEi,] TSi, TSr}` or, of the IKE SA, `HDR, SK {SA, Ni,
        /// KEi}`.
        CREATE_CHILD_SA_REQUEST(
                true,
                Form.CREATE,
                one(PayloadType.SA),
                one(PayloadType.NONCE),
                maybe(PayloadType.KEY_EXCHANGE),
                maybe(PayloadType.CONFIGURATION),
                maybe(PayloadType.TS_INITIATOR),
                maybe(PayloadType.TS_RESPONDER)),
        /// The same, or a notify.
        CREATE_CHILD_SA_RESPONSE(
                true,
                Form.CREATE_OR_NOTIFY,
                one(PayloadType.SA),
                one(PayloadType.NONCE),
                maybe(PayloadType.KEY_EXCHANGE),
                maybe(PayloadType.CONFIGURATION),
                maybe(PayloadType.TS_INITIATOR),
                maybe(PayloadType.TS_RESPONDER)),
        /// `HDR, SK {KEi(n), N(ADDITIONAL_KEY_EXCHANGE)}` (RFC 9370, 2.2.4).
        IKE_FOLLOWUP_KE_REQUEST(true, Form.PLAIN, one(PayloadType.KEY_EXCHANGE)),
        /// `HDR, SK {KEr(n) [, N(ADDITIONAL_KEY_EXCHANGE)]}`, or a notify.
        IKE_FOLLOWUP_KE_RESPONSE(true, Form.OR_NOTIFY, one(PayloadType.KEY_EXCHANGE)),
        /// `HDR, SK {[N,] [D,] [CP,] ...}`; empty, it asks whether the peer lives.
        INFORMATIONAL_REQUEST(
                true, Form.PLAIN, any(PayloadType.DELETE), maybe(PayloadType.CONFIGURATION)),
        INFORMATIONAL_RESPONSE(
                true, Form.PLAIN, any(PayloadType.DELETE), maybe(PayloadType.CONFIGURATION)),
        /// `HDR, N`, outside of an IKE SA (RFC 7296, 1.5): a hint at most.
        INFORMATIONAL_CLEAR(false, Form.PLAIN, one(PayloadType.NOTIFY));

        private final boolean sealed;
        private final Form form;
        private final List<Rule> rules;

        MessageKind(boolean sealed, Form form, Rule... rules) {
            List<Rule> all = new ArrayList<>(List.of(rules));
            if (all.stream().noneMatch(rule -> rule.payload == PayloadType.NOTIFY)) {
                all.add(any(PayloadType.NOTIFY));
            }
            all.add(any(PayloadType.VENDOR_ID));
            this.sealed = sealed;
            this.form = form;
            this.rules = List.copyOf(all);
        }

        /// Whether its payloads are inside of an encrypted one.
        public boolean sealed() {
            return sealed;
        }
    }

    private MessageRules() {}

    /// Judges the outside of a message: whether it is sealed where it must be, and has nothing
    /// beside what is sealed. RFC 7296 leaves payloads before SK to extensions, and there is none:
    /// what was not protected is not to be taken for what was.
    ///
    /// @param payloads in the clear, and SK or SKF if there is one
    public static void checkOutside(MessageKind kind, List<Payload> payloads)
            throws MalformedException {
        boolean sealed =
                !payloads.isEmpty()
                        && (payloads.getLast() instanceof Encrypted
                                || payloads.getLast() instanceof EncryptedFragment);
        if (sealed != kind.sealed) {
            throw new MalformedException(
                    kind + (sealed ? " encrypted" : " in the clear"), payloads.size());
        }
        if (!sealed) {
            check(kind, payloads);
            return;
        }
        for (int i = 0; i < payloads.size() - 1; i++) {
            if (!(payloads.get(i) instanceof Payload.Unknown)) {
                throw new MalformedException(
                        PayloadType.name(payloads.get(i).type()) + " in the clear in " + kind, i);
            }
        }
    }

    /// Judges the payloads that count: those inside of what was sealed, or all of a message in the
    /// clear.
    ///
    /// @throws MalformedException if a payload is missing, one too many, or in a place where it
    ///   must not be; its offset is the index of the payload, since octets are gone
    public static void check(MessageKind kind, List<Payload> payloads) throws MalformedException {
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            boolean named = kind.rules.stream().anyMatch(rule -> rule.payload == payload.type());
            if (!named && !(payload instanceof Payload.Unknown)) {
                throw new MalformedException(PayloadType.name(payload.type()) + " in " + kind, i);
            }
        }
        boolean refusal = mayRefuse(kind) && isNoticeOnly(payloads);
        for (Rule rule : kind.rules) {
            long count = count(rule.payload, payloads);
            if (count > rule.max || count < rule.min && !refusal) {
                throw new MalformedException(
                        count + " of " + PayloadType.name(rule.payload) + " in " + kind,
                        payloads.size());
            }
        }
        if (!refusal) {
            checkForm(kind, payloads);
        }
    }

    private static boolean mayRefuse(MessageKind kind) {
        return kind.form == Form.OR_NOTIFY
                || kind.form == Form.CREATE_OR_NOTIFY
                || kind == MessageKind.IKE_AUTH_RESPONSE;
    }

    /// At least one notify, and nothing that would be part of an agreement.
    private static boolean isNoticeOnly(List<Payload> payloads) {
        return payloads.stream().anyMatch(Notify.class::isInstance)
                && payloads.stream()
                        .allMatch(p ->
                                p instanceof Notify
                                        || p instanceof VendorId
                                        || p instanceof Payload.Unknown);
    }

    private static void checkForm(MessageKind kind, List<Payload> payloads)
            throws MalformedException {
        switch (kind.form) {
            case CHILD -> child(kind, payloads);
            case CHILD_OR_PROOF -> {
                child(kind, payloads);
                // RFC 7296, 2.16: each message of IKE_AUTH carries a proof or a part of one.
                if (count(PayloadType.AUTHENTICATION, payloads) == 0
                        && count(PayloadType.EAP, payloads) == 0
                        && count(PayloadType.ID_INITIATOR, payloads) == 0) {
                    throw new MalformedException(
                            "neither AUTH nor EAP in " + kind, payloads.size());
                }
            }
            case CREATE, CREATE_OR_NOTIFY -> {
                long selectors = selectors(kind, payloads);
                // RFC 7296, 1.3.2: the KE payload is required to rekey an IKE SA.
                if (selectors == 0 && count(PayloadType.KEY_EXCHANGE, payloads) == 0) {
                    throw new MalformedException(
                            "neither traffic selectors nor KE in " + kind, payloads.size());
                }
            }
            case PLAIN, OR_NOTIFY -> {}
        }
    }

    private static void child(MessageKind kind, List<Payload> payloads) throws MalformedException {
        if (count(PayloadType.SA, payloads) != selectors(kind, payloads)) {
            throw new MalformedException(
                    "SA without traffic selectors, or those without it, in " + kind,
                    payloads.size());
        }
    }

    /// How many there are on each side.
    private static long selectors(MessageKind kind, List<Payload> payloads)
            throws MalformedException {
        long initiator = count(PayloadType.TS_INITIATOR, payloads);
        if (initiator != count(PayloadType.TS_RESPONDER, payloads)) {
            throw new MalformedException("TSi or TSr alone in " + kind, payloads.size());
        }
        return initiator;
    }

    private static long count(int payload, List<Payload> payloads) {
        return payloads.stream().filter(p -> p.type() == payload).count();
    }
}
