package io.sallyport.crypto.choose;

import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.crypto.suite.SignatureScheme;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The algorithms that may be used, each run by an engine that has given its known answers.
///
/// Any thread: an SA is set up on the IKE loop, keys are agreed on another thread. To its users it
/// is an engine like those it is made of, so nobody can come by an algorithm that was not checked.
public final class Crypto implements CryptoEngine {
    private final List<CryptoEngine> engines;
    private final Map<Object, Optional<CryptoEngine>> proven = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    Crypto(List<CryptoEngine> engines) {
        this.engines = List.copyOf(engines);
    }

    /// What an engine has to show for one algorithm.
    private interface Question {
        boolean isOffered(CryptoEngine engine);

        void ask(CryptoEngine engine) throws WrongAnswer;
    }

    @Override
    public String name() {
        return String.join("+", engines.stream().map(CryptoEngine::name).toList());
    }

    @Override
    public boolean offers(Prf prf) {
        return find(prf).isPresent();
    }

    @Override
    public boolean offers(Group group) {
        return find(group).isPresent();
    }

    /// For IKE messages.
    @Override
    public boolean offers(Cipher cipher) {
        return find(cipher).isPresent();
    }

    @Override
    public boolean offers(SignatureScheme scheme) {
        return find(scheme).isPresent();
    }

    /// For packets; the suite's group does not matter.
    @Override
    public boolean offers(EspSuite suite) {
        return find(suite).isPresent();
    }

    @Override
    public PrfFunction prf(Prf prf) {
        return require(find(prf), prf).prf(prf);
    }

    @Override
    public KeyAgreement agreement(Group group) {
        return require(find(group), group).agreement(group);
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        return require(find(cipher), cipher).messageCipher(cipher);
    }

    @Override
    public MessageAead messageAead(Cipher cipher) {
        return require(find(cipher), cipher).messageAead(cipher);
    }

    @Override
    public Signer signer(SignatureScheme scheme) {
        return require(find(scheme), scheme).signer(scheme);
    }

    @Override
    public Verifier verifier(SignatureScheme scheme) {
        return require(find(scheme), scheme).verifier(scheme);
    }

    /// See [CryptoEngine#sealer].
    @Override
    public PacketCipher sealer(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return require(find(suite), suite).sealer(suite, encryptionKey, integrityKey);
    }

    /// See [CryptoEngine#opener].
    @Override
    public PacketCipher opener(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return require(find(suite), suite).opener(suite, encryptionKey, integrityKey);
    }

    /// Which engine runs packets of `suite`, for people to see; empty if none does.
    public Optional<String> engineOf(EspSuite suite) {
        return find(suite).map(CryptoEngine::name);
    }

    /// What was refused so far, and why.
    public synchronized List<Finding> findings() {
        return List.copyOf(findings);
    }

    /// Asks for every known answer at once: a self-test.
    ///
    /// @return [#findings()]
    public List<Finding> proveAll() {
        for (Prf prf : Prf.values()) {
            find(prf);
        }
        for (Group group : Group.values()) {
            find(group);
        }
        for (SignatureScheme scheme : SignatureScheme.values()) {
            find(scheme);
        }
        for (Encryption encryption : Encryption.values()) {
            for (int bits : encryption.keyBits()) {
                Cipher cipher = Cipher.of(encryption, bits);
                find(cipher);
                for (Integrity integrity : Integrity.values()) {
                    if (encryption.isAead() == (integrity == Integrity.NONE)) {
                        find(new EspSuite(cipher, integrity, Group.NONE, false));
                        find(new EspSuite(cipher, integrity, Group.NONE, true));
                    }
                }
            }
        }
        return findings();
    }

    private Optional<CryptoEngine> find(Prf prf) {
        return find(
                prf,
                new Question() {
                    @Override
                    public boolean isOffered(CryptoEngine engine) {
                        return engine.offers(prf);
                    }

                    @Override
                    public void ask(CryptoEngine engine) throws WrongAnswer {
                        PrfAnswers.check(engine, prf);
                    }
                });
    }

    private Optional<CryptoEngine> find(Group group) {
        return find(
                group,
                new Question() {
                    @Override
                    public boolean isOffered(CryptoEngine engine) {
                        return engine.offers(group);
                    }

                    @Override
                    public void ask(CryptoEngine engine) throws WrongAnswer {
                        AgreementAnswers.check(engine, group);
                    }
                });
    }

    private Optional<CryptoEngine> find(Cipher cipher) {
        return find(
                cipher,
                new Question() {
                    @Override
                    public boolean isOffered(CryptoEngine engine) {
                        return engine.offers(cipher);
                    }

                    @Override
                    public void ask(CryptoEngine engine) throws WrongAnswer {
                        MessageAnswers.check(engine, cipher);
                    }
                });
    }

    private Optional<CryptoEngine> find(SignatureScheme scheme) {
        return find(
                scheme,
                new Question() {
                    @Override
                    public boolean isOffered(CryptoEngine engine) {
                        return engine.offers(scheme);
                    }

                    @Override
                    public void ask(CryptoEngine engine) throws WrongAnswer {
                        SignatureAnswers.check(engine, scheme);
                    }
                });
    }

    private Optional<CryptoEngine> find(EspSuite asked) {
        EspSuite suite = new EspSuite(asked.cipher(), asked.integrity(), Group.NONE, asked.esn());
        return find(
                suite,
                new Question() {
                    @Override
                    public boolean isOffered(CryptoEngine engine) {
                        return engine.offers(suite);
                    }

                    @Override
                    public void ask(CryptoEngine engine) throws WrongAnswer {
                        PacketAnswers.check(engine, Crypto.this, suite);
                    }
                });
    }

    private synchronized Optional<CryptoEngine> find(Object algorithm, Question question) {
        Optional<CryptoEngine> known = proven.get(algorithm);
        if (known != null) {
            return known;
        }
        Optional<CryptoEngine> found = Optional.empty();
        for (CryptoEngine engine : engines) {
            if (question.isOffered(engine) && passes(engine, algorithm, question)) {
                found = Optional.of(engine);
                break;
            }
        }
        proven.put(algorithm, found);
        return found;
    }

    private boolean passes(CryptoEngine engine, Object algorithm, Question question) {
        try {
            question.ask(engine);
            return true;
        } catch (WrongAnswer e) {
            findings.add(new Finding(engine.name(), algorithm.toString(), e.why()));
        } catch (RuntimeException e) {
            // An engine that falls over while it is examined has failed.
            findings.add(
                    new Finding(engine.name(), algorithm.toString(), e.getClass().getSimpleName()));
        }
        return false;
    }

    private static CryptoEngine require(Optional<CryptoEngine> engine, Object algorithm) {
        return engine.orElseThrow(
                () -> new IllegalArgumentException("no engine runs " + algorithm));
    }
}
