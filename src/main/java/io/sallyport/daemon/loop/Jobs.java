package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.event.Cause;
import io.sallyport.model.port.Notary;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// What takes time: arithmetic on a small fixed pool, waiting on virtual threads. Every job answers
/// with exactly one [Input], whatever happens to it.
public final class Jobs implements AutoCloseable {
    private final Crypto crypto;
    private final Notary notary;
    private final Consumer<Input> answers;
    private final Bugs bugs;
    private final ExecutorService arithmetic;
    private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

    /// @param threads for arithmetic
    /// @param answers takes the answers, from any thread
    public Jobs(Crypto crypto, Notary notary, int threads, Consumer<Input> answers, Bugs bugs) {
        this.crypto = crypto;
        this.notary = notary;
        this.answers = answers;
        this.bugs = bugs;
        this.arithmetic =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("sallyport-job-", 0).factory());
    }

    public void generate(long job, Group group) {
        arithmetic.execute(() -> {
            try {
                answers.accept(new Input.Generated(job, crypto.agreement(group).generate()));
            } catch (RuntimeException bug) {
                bugs.caught("key generation", bug);
                answers.accept(new Input.Disagreed(job, "our key could not be made"));
            }
        });
    }

    public void agree(long job, KeyAgreement.Ephemeral ours, Octets theirs) {
        arithmetic.execute(() -> {
            try (ours) {
                Secret shared = ours.agree(theirs);
                answers.accept(new Input.Agreed(job, shared));
            } catch (KeyAgreement.BadPublicValue e) {
                answers.accept(new Input.Disagreed(job, String.valueOf(e.getMessage())));
            } catch (RuntimeException bug) {
                bugs.caught("key agreement", bug);
                answers.accept(new Input.Disagreed(job, "key agreement failed"));
            }
        });
    }

    public void answer(long job, Group group, Octets theirs) {
        arithmetic.execute(() -> {
            try {
                answers.accept(new Input.Answered(job, crypto.agreement(group).answer(theirs)));
            } catch (KeyAgreement.BadPublicValue e) {
                answers.accept(new Input.Disagreed(job, String.valueOf(e.getMessage())));
            } catch (RuntimeException bug) {
                bugs.caught("key agreement", bug);
                answers.accept(new Input.Disagreed(job, "key agreement failed"));
            }
        });
    }

    public void sign(long job, Octets key, SignatureScheme scheme, Octets data) {
        // A token's signature is waited for, and keeps no key exchange away
        ExecutorService where = notary.waitsToSign(key) ? waiting : arithmetic;
        where.execute(() -> {
            try {
                answers.accept(new Input.Signed(job, notary.sign(key, scheme, data)));
            } catch (Signer.CannotSign e) {
                answers.accept(new Input.NotSigned(job, String.valueOf(e.getMessage())));
            } catch (RuntimeException bug) {
                bugs.caught("signing", bug);
                answers.accept(new Input.NotSigned(job, "signing failed"));
            }
        });
    }

    /// May wait for servers that know of revocations.
    public void judge(long job, PeerProof proof) {
        waiting.execute(() -> {
            Verdict verdict;
            try {
                verdict = notary.judge(proof);
            } catch (RuntimeException bug) {
                bugs.caught("judging a peer", bug);
                verdict =
                        new Verdict.Refused(
                                Verdict.Reason.NO_KEY, "it could not be judged", List.of());
            }
            answers.accept(new Input.Judged(job, verdict));
        });
    }

    /// May wait for servers that know of revocations.
    public void tls(Output.Tls turn) {
        waiting.execute(() -> {
            TlsConversation with = turn.with().orElse(TlsConversation.NOTHING);
            TlsConversation.Step step;
            try {
                with = turn.with().isPresent() ? with : notary.tls(turn.end());
                step = with.advance(turn.received());
            } catch (RuntimeException bug) {
                bugs.caught("TLS", bug);
                step =
                        new TlsConversation.Step.Failed(
                                Octets.EMPTY, Cause.OURSELVES, "TLS failed here");
            }
            answers.accept(new Input.Spoken(turn.job(), with, step));
        });
    }

    /// Runs something that waits, off every loop.
    public void waitFor(String what, Runnable work) {
        waiting.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException bug) {
                bugs.caught(what, bug);
            }
        });
    }

    @Override
    public void close() {
        arithmetic.shutdownNow();
        waiting.shutdownNow();
    }
}
