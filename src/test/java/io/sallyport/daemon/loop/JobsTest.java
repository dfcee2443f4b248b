package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Clock;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Group;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.machine.Input;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobsTest {
    private static final Clock CLOCK =
            new Clock() {
                @Override
                public long nanos() {
                    return 0;
                }

                @Override
                public Instant now() {
                    return Instant.EPOCH;
                }
            };

    private final Crypto crypto = EngineChooser.choose(new JceEngine());
    private final LogRing log = new LogRing(CLOCK, 10);
    private final Bugs bugs = new Bugs(log);
    private final BlockingQueue<Input> answers = new LinkedBlockingQueue<>();

    private Input answer() throws InterruptedException {
        Input answer = answers.poll(10, TimeUnit.SECONDS);
        assertEquals(0, answers.size(), "one answer a job");
        return answer;
    }

    @Test
    void twoHalvesAgreeAndABadValueIsTold() throws InterruptedException {
        try (Jobs jobs = new Jobs(crypto, new ReloadableNotary(), 1, answers::add, bugs)) {
            jobs.generate(1, Group.MODP_1024);
            var ours = assertInstanceOf(Input.Generated.class, answer()).ephemeral();
            jobs.generate(2, Group.MODP_1024);
            var theirs = assertInstanceOf(Input.Generated.class, answer()).ephemeral();
            Octets ourPublic = ours.publicValue();
            jobs.agree(3, ours, theirs.publicValue());
            var one = assertInstanceOf(Input.Agreed.class, answer());
            jobs.agree(4, theirs, ourPublic);
            var other = assertInstanceOf(Input.Agreed.class, answer());
            assertEquals(one.shared(), other.shared());

            jobs.generate(5, Group.MODP_1024);
            var third = assertInstanceOf(Input.Generated.class, answer()).ephemeral();
            jobs.agree(6, third, Octets.of(new byte[128]));
            assertEquals(6, assertInstanceOf(Input.Disagreed.class, answer()).job());
        }
        assertEquals(0, bugs.kinds());
    }

    @Test
    void aBugIsToldOncePerKindAndStillAnswered() throws InterruptedException {
        try (Jobs jobs = new Jobs(crypto, new ReloadableNotary(), 1, answers::add, bugs)) {
            for (int job = 0; job < 3; job++) {
                jobs.generate(job, Group.NONE);
                assertEquals(job, assertInstanceOf(Input.Disagreed.class, answer()).job());
            }
        }
        assertEquals(1, bugs.kinds());
        assertEquals(1, log.last(10).size());
    }
}
