package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.testkit.Capture;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A [Capture] with its fragments joined and its encrypted messages opened with the logged key (RFC
/// 2409, appendix B for the initialization vectors).
final class Conversation {
    /// @param plain what was encrypted, or the whole message if it was sent in the clear
    /// @param trailing octets behind the last payload: padding of the cipher
    record Opened(
            boolean byInitiator, IkeHeader header, PayloadChain chain, Octets plain, int trailing) {
        List<String> names() {
            return chain.payloads().stream().map(p -> p.getClass().getSimpleName()).toList();
        }
    }

    final Capture capture;
    final List<Opened> messages = new ArrayList<>();

    /// Fragments as they came, in order.
    final List<Fragment> fragments = new ArrayList<>();

    private final Map<Integer, Octets> vectors = new HashMap<>();
    private final Map<Integer, Octets> pieces = new HashMap<>();
    private final String cipher;
    private final int block;
    private Octets lastOfPhase1;

    Conversation(String name) throws MalformedException, GeneralSecurityException {
        capture = Capture.read(name);
        boolean tripleDes = capture.secret("Ka").length() == 24;
        cipher = tripleDes ? "DESede" : "AES";
        block = tripleDes ? 8 : 16;
        lastOfPhase1 = capture.secret("IV");
        for (Capture.Sent sent : capture.messages()) {
            take(sent.byInitiator(), sent.octets());
        }
    }

    private void take(boolean byInitiator, Octets octets)
            throws MalformedException, GeneralSecurityException {
        IkeHeader header = IkeHeader.parse(octets);
        if (header.encrypted()) {
            messages.add(open(byInitiator, header, octets));
            return;
        }
        Message message = Message.parse(octets);
        if (message.chain().payloads().getFirst() instanceof Fragment fragment) {
            fragments.add(fragment);
            Octets before = pieces.getOrDefault(fragment.id(), Octets.EMPTY);
            pieces.put(fragment.id(), Octets.concat(before, fragment.data()));
            if (fragment.last()) {
                Octets whole = pieces.remove(fragment.id());
                take(byInitiator, whole);
            }
            return;
        }
        messages.add(new Opened(byInitiator, header, message.chain(), octets, 0));
    }

    private Opened open(boolean byInitiator, IkeHeader header, Octets octets)
            throws MalformedException, GeneralSecurityException {
        int id = header.messageId();
        Octets iv = vectors.get(id);
        if (iv == null) {
            iv = id == 0 ? capture.secret("IV") : firstVector(id);
        }
        Cipher opener = Cipher.getInstance(cipher + "/CBC/NoPadding");
        opener.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(capture.secret("Ka").toArray(), cipher),
                new IvParameterSpec(iv.toArray()));
        Octets sealed = octets.slice(IkeHeader.LENGTH, octets.length());
        Octets plain = Octets.owned(opener.doFinal(sealed.toArray()));
        Octets last = sealed.slice(sealed.length() - block, sealed.length());
        vectors.put(id, last);
        if (id == 0) {
            lastOfPhase1 = last;
        }
        PayloadChain chain = PayloadChain.parse(header.nextPayload(), plain, 0);
        return new Opened(byInitiator, header, chain, plain, plain.length() - chain.length());
    }

    private Octets firstVector(int messageId) throws GeneralSecurityException {
        MessageDigest hash =
                MessageDigest.getInstance(
                        capture.secret("SKEYID").length() == 20 ? "SHA-1" : "SHA-256");
        hash.update(lastOfPhase1.toArray());
        return Octets.owned(hash.digest(Octets.ofInt(messageId).toArray())).slice(0, block);
    }
}
