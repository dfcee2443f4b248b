package io.sallyport.ike.sa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Which of two IKE SAs goes, and when.
final class DeparturesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration HANDOVER = Duration.ofSeconds(2);

    /// One end: its IKE SAs, by SPIs that both ends know.
    private static final class End {
        final List<IkeSession> sessions = new ArrayList<>();
        final Departures departures =
                new Departures(this::current, this::haveMoved, this::moveOver, HANDOVER);
        Optional<End> other = Optional.empty();

        /// Which IKE SA each child is up under, which is the same at both ends.
        final long[] under;

        End(long... under) {
            this.under = under;
        }

        /// @param spi what both ends know it by
        IkeSession session(int spi, boolean initiator) {
            return (IkeSession)
                    Proxy.newProxyInstance(
                            IkeSession.class.getClassLoader(),
                            new Class<?>[] {IkeSession.class},
                            (self, method, arguments) ->
                                    switch (method.getName()) {
                                        case "ourSpi" -> (long) spi;
                                        case "initiator" -> initiator;
                                        case "isBusy" -> false;
                                        case "outranks" ->
                                                spi > ((IkeSession) arguments[0]).ourSpi();
                                        case "close" -> {
                                            other.ifPresent(end -> end.drop(spi));
                                            drop(spi);
                                            yield null;
                                        }
                                        case "equals" -> self == arguments[0];
                                        case "hashCode" -> spi;
                                        case "toString" -> "IKE SA " + spi;
                                        default ->
                                                throw new UnsupportedOperationException(
                                                        method.getName());
                                    });
        }

        IkeSession add(int spi, boolean initiator) {
            IkeSession session = session(spi, initiator);
            sessions.add(session);
            return session;
        }

        private Optional<IkeSession> current() {
            return sessions.stream()
                    .filter(s -> !departures.has(s))
                    .findFirst()
                    .or(() -> sessions.stream().findFirst());
        }

        private void drop(int spi) {
            sessions.stream().filter(s -> s.ourSpi() == spi).forEach(departures::forget);
            sessions.removeIf(s -> s.ourSpi() == spi);
        }

        private boolean haveMoved(IkeSession session) {
            return LongStream.of(under).noneMatch(spi -> spi == session.ourSpi());
        }

        private void moveOver(IkeSession session, long now) {
            for (int i = 0; i < under.length; i++) {
                long spi = under[i];
                if (departures.all().stream().anyMatch(s -> s.ourSpi() == spi)) {
                    under[i] = session.ourSpi();
                }
            }
        }

        List<Long> spis() {
            return sessions.stream().map(IkeSession::ourSpi).toList();
        }
    }

    @Test
    void oneWhoseChildrenHaveMovedIsClosedInTime() {
        End end = new End(2, 2);
        IkeSession old = end.add(1, true);
        end.add(2, true);
        end.departures.begin(old, true, 0);
        assertEquals(2 * SECOND, end.departures.nextDeadline());
        end.departures.tick(2 * SECOND - 1);
        assertEquals(2, end.sessions.size());
        end.departures.tick(2 * SECOND);
        assertEquals(List.of(2L), end.spis());
    }

    @Test
    void oneThatCarriesAChildGoesOn() {
        End end = new End(1, 2);
        IkeSession old = end.add(1, false);
        end.add(2, false);
        end.departures.begin(old, true, 0);
        for (long now = 0; now <= 15 * SECOND; now += SECOND) {
            end.departures.tick(now);
        }
        assertEquals(List.of(1L, 2L), end.spis());
        assertTrue(end.departures.has(old));
    }

    @Test
    void oneWhoseSuccessorIsGoneStays() {
        End end = new End(1);
        IkeSession old = end.add(1, true);
        end.add(2, true);
        end.departures.begin(old, true, 0);
        end.drop(2);
        end.departures.tick(SECOND);
        assertFalse(end.departures.has(old));
    }

    /// Each end believes that the one which it began stays, and a child is under either: the higher
    /// SPI decides, at both.
    @Test
    void bothEndsComeToTheSame() {
        int ofB = 5;
        for (int ofA : new int[] {3, 7}) {
            long[] under = {ofA, ofB};
            End a = new End(under);
            End b = new End(under);
            a.other = Optional.of(b);
            b.other = Optional.of(a);
            a.add(ofA, true);
            a.departures.begin(a.add(ofB, false), false, 0);
            b.departures.begin(b.add(ofA, false), false, 3 * SECOND);
            b.add(ofB, true);
            for (long now = 0; now <= 60 * SECOND; now += SECOND / 4) {
                a.departures.tick(now);
                b.departures.tick(now + SECOND / 8);
                assertFalse(a.sessions.isEmpty());
            }
            long winner = Math.max(ofA, ofB);
            assertEquals(List.of(winner), a.spis());
            assertEquals(List.of(winner), b.spis());
            assertArrayEquals(new long[] {winner, winner}, under);
        }
    }
}
