package io.sallyport.creds.x509;

import io.sallyport.base.Octets;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.pem.Keys;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.model.trust.Verdict.Reason;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a peer's proof is worth. In this order, so that a stranger costs little and nobody is asked
/// on his word: whose key it may be, the signature, the path to an authority and its rules, and
/// only then whether somebody on the path was revoked. Any thread; keeps nothing.
public final class Judge {
    private static final int MOST_CERTIFICATES = 32;
    private static final int MOST_OCTETS = 1 << 16;

    private final CryptoEngine crypto;
    private final Known known;
    private final RevocationCheck revocation;

    public Judge(CryptoEngine crypto, Known known, RevocationCheck revocation) {
        this.crypto = crypto;
        this.known = known;
        this.revocation = revocation;
    }

    public Verdict judge(PeerProof proof, Instant now) {
        return new Case(proof.identity(), proof.demand(), proof.evidence(), Optional.of(proof), now)
                .verdict();
    }

    /// The same of a chain whose first key has signed already, where others saw that: in TLS.
    public Verdict judge(
            Identity identity, AuthSpec.Pubkey demand, List<Evidence> evidence, Instant now) {
        return new Case(identity, demand, evidence, Optional.empty(), now).verdict();
    }

    /// One proof.
    private final class Case {
        private final Identity identity;
        private final AuthSpec.Pubkey demand;
        private final List<Evidence> evidence;
        private final Optional<PeerProof> proof;
        private final Instant now;
        private final Strength strength;
        private final List<X509Certificate> sent = new ArrayList<>();
        private final List<PublicKey> sentKeys = new ArrayList<>();

        /// The first certificate that was sent is none that can be read.
        private boolean firstUnread;

        private final Set<String> why = new LinkedHashSet<>();
        private Objection worst;

        Case(
                Identity identity,
                AuthSpec.Pubkey demand,
                List<Evidence> evidence,
                Optional<PeerProof> proof,
                Instant now) {
            this.identity = identity;
            this.demand = demand;
            this.evidence = evidence;
            this.proof = proof;
            this.now = now;
            this.strength = new Strength(SignatureRules.of(demand.trust().schemes()));
            this.worst =
                    new Objection(
                            Reason.NO_KEY,
                            "no certificate and no key of " + identity + " is known");
        }

        Verdict verdict() {
            Optional<String> unfit = proof.flatMap(p -> strength.against(p.scheme()));
            if (unfit.isPresent()) {
                object(Reason.WEAK, unfit.get());
                return refused();
            }
            if (proof.isPresent() && !crypto.offers(proof.get().scheme())) {
                object(Reason.WEAK, "signatures by " + proof.get().scheme() + " are not offered");
                return refused();
            }
            read();
            return (proof.isPresent() ? rawKeys() : Optional.<Verdict>empty())
                    .or(this::certificates)
                    .orElseGet(this::refused);
        }

        private void read() {
            boolean first = true;
            for (Evidence one : evidence) {
                try {
                    switch (one) {
                        case Evidence.Certificate(Octets der) -> {
                            boolean isFirst = first;
                            first = false;
                            firstUnread = isFirst || firstUnread;
                            bounded(der);
                            X509Certificate x509 = CredentialFile.x509(der);
                            if (!sent.contains(x509)) {
                                sent.add(x509);
                            }
                            firstUnread = !isFirst && firstUnread;
                        }
                        case Evidence.RawKey(Octets info) -> {
                            bounded(info);
                            sentKeys.add(Keys.publicKey(info));
                        }
                        case Evidence.Located(Octets _, String _, boolean _) ->
                                why.add("a certificate behind a URL was not fetched");
                        case Evidence.RevocationList _, Evidence.OcspAnswer _ -> {}
                    }
                } catch (BadCredential e) {
                    object(Reason.MALFORMED, "the peer sent " + e.why());
                }
            }
        }

        private void bounded(Octets octets) throws BadCredential {
            if (octets.length() > MOST_OCTETS
                    || sent.size() + sentKeys.size() == MOST_CERTIFICATES) {
                throw new BadCredential("more than we look at");
            }
        }

        // ---- raw public keys (RFC 7670)

        private Optional<Verdict> rawKeys() {
            Set<PublicKey> trusted = new LinkedHashSet<>();
            demand.keys().forEach(s -> known.key(s).ifPresent(trusted::add));
            if (demand.keys().isEmpty()
                    && demand.certificates().isEmpty()
                    && identity.type() == Identity.Type.KEY_ID) {
                known.keys().stream().filter(this::isClaimed).forEach(trusted::add);
            }
            if (!sentKeys.isEmpty() && trusted.stream().noneMatch(sentKeys::contains)) {
                object(Reason.UNTRUSTED, "the raw public key that the peer sent is not configured");
                trusted.clear();
            }
            for (PublicKey key : trusted) {
                String name =
                        "the configured raw "
                                + Strength.kind(key)
                                + " key "
                                + Certificates.keyId(key).hex();
                Optional<String> weak = strength.against(key, true);
                if (weak.isPresent()) {
                    object(Reason.WEAK, name + ": " + weak.get());
                } else if (signed(key, name)) {
                    why.add("trusted by " + name);
                    return Optional.of(
                            new Verdict.Trusted(
                                    Octets.EMPTY,
                                    Certificates.publicKey(key),
                                    identity,
                                    List.copyOf(why)));
                }
            }
            return Optional.empty();
        }

        private boolean isClaimed(PublicKey key) {
            Octets claimed = identity.data();
            return claimed.equals(Certificates.keyId(key))
                    || claimed.equals(Certificates.subjectKeyId(key));
        }

        // ---- certificates

        private Optional<Verdict> certificates() {
            if (!demand.keys().isEmpty() && demand.certificates().isEmpty()) {
                return Optional.empty();
            }
            for (X509Certificate candidate : candidates()) {
                if (mayBe(candidate) && signed(candidate.getPublicKey(), name(candidate))) {
                    Optional<Objection> objection = trust(candidate);
                    if (objection.isEmpty()) {
                        return Optional.of(
                                new Verdict.Trusted(
                                        Certificates.der(candidate),
                                        Certificates.publicKey(candidate.getPublicKey()),
                                        Certificates.subject(candidate),
                                        List.copyOf(why)));
                    }
                    object(objection.get().reason(), objection.get().text());
                }
            }
            return Optional.empty();
        }

        private static String name(X509Certificate certificate) {
            return "the certificate " + Certificates.quoted(certificate);
        }

        private List<X509Certificate> pinned() {
            return demand.certificates().stream()
                    .flatMap(s -> known.certificate(s).stream())
                    .toList();
        }

        /// RFC 7296, 3.6: "If a chain of certificates needs to be sent, multiple CERT payloads are
        /// used, only the first of which holds the public key used to validate the sender's AUTH
        /// payload." So where the first cannot be read no other one takes its place. Peers that
        /// send none are known beforehand.
        private List<X509Certificate> candidates() {
            if (firstUnread) {
                return List.of();
            }
            if (!sent.isEmpty()) {
                return List.of(sent.getFirst());
            }
            if (proof.isEmpty()) {
                return List.of(); // only what was shown has signed
            }
            return demand.certificates().isEmpty() ? known.peers(identity) : pinned();
        }

        private boolean mayBe(X509Certificate candidate) {
            if (!demand.certificates().isEmpty() && !pinned().contains(candidate)) {
                object(
                        Reason.UNTRUSTED,
                        name(candidate) + " is none of the configured certs of this peer");
                return false;
            }
            if (!Holder.is(candidate, identity)) {
                object(
                        Reason.NO_KEY,
                        name(candidate)
                                + " is not for "
                                + identity
                                + " (it is for "
                                + names(candidate)
                                + ")");
                return false;
            }
            return true;
        }

        private static String names(X509Certificate candidate) {
            List<String> all = new ArrayList<>();
            all.add(Certificates.text(candidate.getSubjectX500Principal()));
            Holder.alternatives(candidate).stream()
                    .limit(10)
                    .forEach(name -> all.add(name.toString()));
            return String.join("; ", all);
        }

        private boolean signed(PublicKey key, String name) {
            if (proof.isEmpty()) {
                why.add("signed by " + name + " in TLS");
                return true;
            }
            PeerProof p = proof.get();
            try {
                crypto.verifier(p.scheme()).verify(key, p.signature(), p.signed());
                why.add("signed by " + name + " (" + p.scheme() + ")");
                return true;
            } catch (BadSignature e) {
                object(
                        Reason.BAD_SIGNATURE,
                        "the signature is not by " + name + ": " + e.getMessage());
                return false;
            }
        }

        /// Empty if it is trusted.
        private Optional<Objection> trust(X509Certificate candidate) {
            Way way = new Way(demand.trust(), strength, known, revocation, evidence, now);
            Optional<Objection> objection = way.trust(candidate, sent, isPinned(candidate), true);
            why.addAll(way.why());
            return objection;
        }

        private boolean isPinned(X509Certificate candidate) {
            return known.peers().contains(candidate) || pinned().contains(candidate);
        }

        // ---- the end

        /// What came furthest is told.
        private void object(Reason reason, String text) {
            why.add(text);
            if (reason.ordinal() >= worst.reason().ordinal()) {
                worst = new Objection(reason, text);
            }
        }

        private Verdict refused() {
            return new Verdict.Refused(worst.reason(), worst.text(), List.copyOf(why));
        }
    }
}
