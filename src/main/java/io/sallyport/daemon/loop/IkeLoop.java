package io.sallyport.daemon.loop;

import io.sallyport.base.ring.Mailbox;
import io.sallyport.base.time.Clock;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.port.IpsecBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The thread that owns the engine: takes inputs, tells the time, and carries out what the engine
/// wants. The only caller of the [IpsecBackend].
///
/// What comes from this process (errands of people, answers of jobs, news of the road) comes by the
/// mailbox and goes first; IKE messages wait at the [IkeGate] meanwhile. So a flood of them delays
/// none of it by more than one message, and cannot fill its place.
public final class IkeLoop implements Runnable {
    private static final int MAILBOX = 4096;

    /// Letters between two looks at the clock, so that a flood cannot stop the timers.
    private static final int LETTERS_A_TURN = 256;

    private final IkeEngine engine;
    private final IpsecBackend backend;
    private final TrafficLedger ledger;
    private final Clock clock;
    private final Bugs bugs;
    private final Outbox outbox = new Outbox();
    private final Mailbox<Letter> mailbox = new Mailbox<>(MAILBOX, this::wake);
    private final IkeGate gate;
    private @Nullable Outside outside;
    private @Nullable Jobs jobs;
    private volatile @Nullable Thread thread;
    private volatile boolean stopped;

    /// @param seed not to be guessed: which sources of IKE messages share a limit
    public IkeLoop(
            IkeEngine engine,
            IpsecBackend backend,
            TrafficLedger ledger,
            Clock clock,
            Bugs bugs,
            long seed) {
        this.gate = new IkeGate(engine.ourSpis(), seed, this::wake, clock.nanos());
        this.engine = engine;
        this.backend = backend;
        this.ledger = ledger;
        this.clock = clock;
        this.bugs = bugs;
    }

    /// Joins the loop to those it gives work to, which need the loop to answer: once, before it
    /// runs.
    public void attach(Outside world, Jobs workers) {
        outside = world;
        jobs = workers;
    }

    /// Where the inbound worker leaves IKE messages.
    public IkeGate gate() {
        return gate;
    }

    /// What each child carried. Whoever installs an SA past the engine tells it, on this loop's
    /// thread.
    public TrafficLedger traffic() {
        return ledger;
    }

    /// Puts an input into the mailbox, from any thread; false if the loop is behind.
    public boolean offer(Input input) {
        return mailbox.offer(new Letter.Happened(input));
    }

    /// Runs `work` on the loop's thread, in the order of asking.
    public <T> CompletableFuture<T> ask(String name, Function<IkeEngine, T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable errand =
                () -> {
                    try {
                        answer.complete(work.apply(engine));
                    } catch (RuntimeException bug) {
                        answer.completeExceptionally(bug);
                        throw bug;
                    }
                };
        if (!mailbox.offer(new Letter.Errand(name, errand))) {
            answer.completeExceptionally(new IllegalStateException("the IKE loop is behind"));
        }
        return answer;
    }

    /// Ends [#run()] after the letters that are there.
    public void stop() {
        stopped = true;
        wake();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!stopped) {
            long wait = work();
            if (wait > 0 && !stopped) {
                LockSupport.parkNanos(this, wait);
            }
        }
        work();
    }

    /// Does what is due and tells how many nanoseconds may pass before the next call.
    public long work() {
        for (int i = 0; i < LETTERS_A_TURN; i++) {
            Letter letter = mailbox.poll();
            if (letter != null) {
                take(letter);
            } else {
                Input.Datagram message = gate.poll();
                if (message == null) {
                    break;
                }
                handle(message);
            }
            if (i == LETTERS_A_TURN - 1) {
                tick();
                catchUp();
                return 0;
            }
        }
        tick();
        long left = catchUp();
        long next = engine.nextDeadline();
        return next == Long.MAX_VALUE ? left : Math.min(left, Math.max(0, next - clock.nanos()));
    }

    private long catchUp() {
        Outside world = outside;
        try {
            return world == null ? Long.MAX_VALUE : world.catchUp();
        } catch (RuntimeException bug) {
            bugs.caught("what was put off", bug);
            return Long.MAX_VALUE;
        }
    }

    private void tick() {
        if (engine.nextDeadline() <= clock.nanos()) {
            handle(new Input.Tick());
        }
    }

    private void take(Letter letter) {
        switch (letter) {
            case Letter.Happened(Input input) -> handle(input);
            case Letter.Errand(String name, Runnable work) -> {
                try {
                    work.run();
                } catch (RuntimeException bug) {
                    bugs.caught(name, bug);
                }
            }
        }
    }

    /// Gives the engine one input and carries out what follows; on the loop's thread.
    public void handle(Input input) {
        if (outside != null && input instanceof Input.TcpUp(var path)) {
            outside.dialled(path, true);
        } else if (outside != null && input instanceof Input.TcpDown(var path, _)) {
            outside.dialled(path, false);
        }
        try {
            engine.handle(input, clock.nanos(), outbox);
        } catch (RuntimeException bug) {
            bugs.caught("IKE engine, " + input.getClass().getSimpleName(), bug);
        }
        if (input instanceof Input.Datagram datagram && outside != null) {
            outside.heard(datagram.octets());
        }
        for (Output output : outbox.drain()) {
            try {
                carryOut(output);
            } catch (RuntimeException bug) {
                bugs.caught("IKE loop, " + output.getClass().getSimpleName(), bug);
            }
        }
    }

    private void carryOut(Output output) {
        Outside world = outside;
        Jobs workers = jobs;
        if (world == null || workers == null) {
            throw new IllegalStateException("the loop runs before it is attached");
        }
        switch (output) {
            case Output.Send(var path, var octets) -> world.send(path, octets);
            case Output.SendWhole(var path, var octets) -> world.sendWhole(path, octets);
            case Output.Dial(var path) -> world.dial(path);
            case Output.KeepTcp(var path) -> world.keepTcp(path);
            case Output.HangUp(var path) -> world.hangUp(path);
            case Output.Probed(var path, int octets, boolean passed) ->
                    world.probed(path, octets, passed);
            case Output.Keepalive(var path) -> world.keepalive(path);
            case Output.Generate(long job, var group) -> workers.generate(job, group);
            case Output.Agree(long job, var ours, var theirs) -> workers.agree(job, ours, theirs);
            case Output.Answer(long job, var group, var theirs) ->
                    workers.answer(job, group, theirs);
            case Output.Sign(long job, var key, var scheme, var data) ->
                    workers.sign(job, key, scheme, data);
            case Output.Tls tls -> workers.tls(tls);
            case Output.Judge(long job, var proof) -> workers.judge(job, proof);
            case Output.Resolve resolve -> world.resolve(resolve);
            case Output.Install(var sa) -> {
                world.installing(sa);
                backend.install(sa);
                ledger.installed(sa);
            }
            case Output.Activate(long id) -> backend.activate(id);
            case Output.Remove(long id) -> {
                ledger.removed(id, backend.usage(id));
                backend.remove(id);
                world.removed(id);
            }
            case Output.Move(long id, var carriage) -> backend.move(id, carriage);
            case Output.Tell(var event) -> world.tell(event);
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }
}
