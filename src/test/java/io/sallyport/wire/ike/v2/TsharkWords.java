package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.TransformType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A message as we read it, in the names and the order of tshark's fields.
final class TsharkWords {
    private final Map<String, List<String>> fields = new HashMap<>();

    private TsharkWords() {}

    static Map<String, List<String>> of(Conversation.Opened opened) throws MalformedException {
        TsharkWords words = new TsharkWords();
        words.put("exchangetype", opened.header().exchangeType());
        for (Payload payload : opened.outside().chain().payloads()) {
            words.add(payload);
        }
        if (opened.inside().isPresent()) {
            for (Payload payload : opened.inside().get().payloads()) {
                words.add(payload);
            }
        }
        return words.fields;
    }

    private void put(String name, Object value) {
        String text = value instanceof Octets octets ? octets.hex() : value.toString();
        fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(text);
    }

    private void add(Payload payload) throws MalformedException {
        put("typepayload", payload.type());
        switch (payload) {
            case SaPayload sa -> sa.proposals().forEach(this::add);
            case KeyExchange ke -> {
                put("key_exchange.dh_group", ke.method());
                put("key_exchange.data", ke.data());
            }
            case Identification id -> put("id.type", id.idType());
            case Certificate certificate -> put("cert.encoding", certificate.encoding());
            case CertificateRequest request -> put("certreq.type", request.encoding());
            case Authentication auth -> {
                put("auth.method", auth.method());
                put("auth.data", auth.data());
            }
            case Nonce nonce -> put("nonce", nonce.value());
            case Notify notify -> {
                put("notify.msgtype", notify.notifyType());
                if (notify.is(NotifyType.SIGNATURE_HASH_ALGORITHMS)) {
                    for (HashAlgorithm hash : Notices.hashAlgorithms(notify)) {
                        put("notify.data.signature_hash_algorithms", hash.number());
                    }
                }
            }
            case Delete delete -> put("delete.protoid", delete.protocolId());
            case TrafficSelectors ts -> ts.selectors().forEach(this::add);
            case EncryptedFragment fragment -> {
                put("frag.number", fragment.number());
                put("frag.total", fragment.total());
            }
            case Configuration configuration -> {
                put("cfg.type", configuration.configurationType());
                configuration.attributes().forEach(a -> put("cfg.attr.type", a.type()));
            }
            case VendorId _, Encrypted _, Eap _, Payload.Unknown _ -> {}
        }
    }

    private void add(Proposal proposal) {
        put("typepayload", 2);
        put("prop.number", proposal.number());
        put("prop.protoid", proposal.protocolId());
        for (Transform transform : proposal.transforms()) {
            put("typepayload", 3);
            put("tf.type", transform.transformType());
            switch (transform.transformType()) {
                case TransformType.ENCRYPTION -> put("tf.id.encr", transform.transformId());
                case TransformType.PRF -> put("tf.id.prf", transform.transformId());
                case TransformType.INTEGRITY -> put("tf.id.integ", transform.transformId());
                case TransformType.KEY_EXCHANGE -> put("tf.id.dh", transform.transformId());
                default -> {}
            }
        }
    }

    private void add(Selector selector) {
        if (selector instanceof Selector.Range range) {
            boolean v6 = range.addresses().first().v6();
            put("ts.type", v6 ? Selector.IPV6_RANGE : Selector.IPV4_RANGE);
            put("ts.protoid", range.protocol());
            put("ts.start_port", range.startPort());
            put("ts.end_port", range.endPort());
            put(v6 ? "ts.start_ipv6" : "ts.start_ipv4", range.addresses().first());
            if (!v6) {
                put("ts.end_ipv4", range.addresses().last());
            }
        }
    }
}
