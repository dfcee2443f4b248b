package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// What takes time: arithmetic on a small fixed pool, waiting on virtual threads. Every job answers
/// with exactly one [Input], whatever happens to it.
public final class Jobs implements AutoCloseable {
    private final Crypto crypto;
    private final Consumer<Input> answers;
    private final Bugs bugs;
    private final ExecutorService arithmetic;
    private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

    /// @param threads for arithmetic
    /// @param answers takes the answers, from any thread
    public Jobs(Crypto crypto, int threads, Consumer<Input> answers, Bugs bugs) {
        this.crypto = crypto;
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
