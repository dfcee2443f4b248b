package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.testkit.Capture;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A [Capture] of IKEv2 with its sealed messages opened by the logged keys, and its fragments
/// joined.
final class Conversation {
    /// @param outside the message as it came
    /// @param inside the payloads that were sealed; empty where nothing was, or where a fragment is
    ///   not the last of its message
    /// @param plain what `inside` was read from
    record Opened(Capture.Sent sent, Message outside, Optional<PayloadChain> inside, Octets plain) {
        IkeHeader header() {
            return outside.header();
        }

        /// The payloads that count.
        PayloadChain chain() {
            return inside.orElse(outside.chain());
        }
    }

    final Capture capture;
    final List<Opened> messages = new ArrayList<>();
    private final Map<Long, String> suffixes = new LinkedHashMap<>();
    private Octets pieces = Octets.EMPTY;
    private int firstInside;

    Conversation(String name) throws MalformedException, GeneralSecurityException {
        capture = Capture.read(name);
        for (Capture.Sent sent : capture.messages()) {
            messages.add(open(sent));
        }
    }

    private Opened open(Capture.Sent sent) throws MalformedException, GeneralSecurityException {
        Message message = Message.parse(sent.octets());
        Optional<Encrypted> whole = message.encrypted();
        if (whole.isPresent()) {
            Octets plain = unseal(message, whole.get().sealed());
            return new Opened(
                    sent,
                    message,
                    Optional.of(PayloadChain.parseInner(whole.get().firstType(), plain)),
                    plain);
        }
        Optional<EncryptedFragment> piece = message.fragment();
        if (piece.isEmpty()) {
            return new Opened(sent, message, Optional.empty(), Octets.EMPTY);
        }
        if (piece.get().number() == 1) {
            pieces = Octets.EMPTY;
            firstInside = piece.get().firstType();
        }
        pieces = Octets.concat(pieces, unseal(message, piece.get().sealed()));
        Optional<PayloadChain> inside =
                piece.get().number() == piece.get().total()
                        ? Optional.of(PayloadChain.parseInner(firstInside, pieces))
                        : Optional.empty();
        return new Opened(sent, message, inside, pieces);
    }

    private Octets unseal(Message message, Octets sealed)
            throws MalformedException, GeneralSecurityException {
        String suffix =
                suffixes.computeIfAbsent(
                        message.header().initiatorSpi(),
                        _ -> suffixes.isEmpty() ? "" : "-" + (suffixes.size() + 1));
        boolean initiator = message.header().fromInitiator();
        Octets key = capture.secret((initiator ? "SK_ei" : "SK_er") + suffix);
        Octets padded =
                key.length() == 16
                        ? cbc(
                                message,
                                sealed,
                                key,
                                capture.secret((initiator ? "SK_ai" : "SK_ar") + suffix))
                        : gcm(message, sealed, key);
        int padding = padded.at(padded.length() - 1);
        return padded.slice(0, padded.length() - 1 - padding);
    }

    /// RFC 7296, 3.14: the checksum is made over the whole message but itself.
    private static Octets cbc(Message message, Octets sealed, Octets key, Octets macKey)
            throws MalformedException, GeneralSecurityException {
        Encrypted.Parts parts = new Encrypted(PayloadType.NONE, sealed).parts(16, 16);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(macKey.toArray(), "HmacSHA256"));
        Octets octets = message.octets();
        mac.update(octets.slice(0, octets.length() - 16).toArray());
        if (!Octets.owned(mac.doFinal()).slice(0, 16).equals(parts.icv())) {
            throw new GeneralSecurityException("checksum of " + octets);
        }
        Cipher opener = Cipher.getInstance("AES/CBC/NoPadding");
        opener.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key.toArray(), "AES"),
                new IvParameterSpec(parts.iv().toArray()));
        return Octets.owned(opener.doFinal(parts.ciphertext().toArray()));
    }

    /// RFC 5282: the last four octets of the key are a salt.
    private static Octets gcm(Message message, Octets sealed, Octets key)
            throws MalformedException, GeneralSecurityException {
        Encrypted.Parts parts = new Encrypted(PayloadType.NONE, sealed).parts(8, 16);
        int salt = key.length() - 4;
        Cipher opener = Cipher.getInstance("AES/GCM/NoPadding");
        opener.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key.slice(0, salt).toArray(), "AES"),
                new GCMParameterSpec(
                        128, Octets.concat(key.slice(salt, salt + 4), parts.iv()).toArray()));
        opener.updateAAD(message.associatedData().orElseThrow().toArray());
        return Octets.owned(
                opener.doFinal(Octets.concat(parts.ciphertext(), parts.icv()).toArray()));
    }
}
