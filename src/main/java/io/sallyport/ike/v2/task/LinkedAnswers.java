package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rekeyings and new children of the peer's whose first key exchange is answered, and others are to
/// come in IKE_FOLLOWUP_KE (RFC 9370, 2.2.4). Each is kept under the link that we gave for it,
/// until the peer comes back with that, or for as long as it may ask for a lost answer.
public final class LinkedAnswers {
    /// A peer goes on with one, or few; the oldest makes room.
    private static final int MOST = 4;

    private final long patience;
    private final List<Linked> all = new ArrayList<>();

    private record Linked(Octets link, Answer answer, long until) {}

    /// @param patience nanoseconds
    public LinkedAnswers(long patience) {
        this.patience = patience;
    }

    public void keep(Octets link, Answer answer, long now) {
        if (all.size() == MOST) {
            all.removeFirst().answer().abandon();
        }
        all.add(new Linked(link, answer, now + patience));
    }

    /// What goes on; it is not kept any more.
    public Optional<Answer> take(Octets link) {
        Optional<Linked> found = all.stream().filter(l -> l.link().equals(link)).findFirst();
        found.ifPresent(all::remove);
        return found.map(Linked::answer);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /// The peer makes a successor of the IKE SA.
    public boolean isForIke() {
        return all.stream().anyMatch(l -> l.answer() instanceof IkeRekeyRequest);
    }

    public boolean isForSomeChild() {
        return all.stream().anyMatch(l -> l.answer() instanceof ChildRequest);
    }

    public boolean isFor(String child) {
        return all.stream().anyMatch(l -> l.answer() instanceof ChildRequest r && r.isAbout(child));
    }

    /// The peer's rekeying of what `ours` rekeys.
    public Optional<Answer> rivalOf(Task ours) {
        return all.stream()
                .map(Linked::answer)
                .filter(a ->
                        switch (a) {
                            case IkeRekeyRequest _ -> ours instanceof RekeyIke;
                            case ChildRequest r ->
                                    ours instanceof CreateChild c
                                            && c.isRekeying()
                                            && r.isRekeying()
                                            && r.isAbout(c.child());
                        })
                .findFirst();
    }

    /// It goes no further.
    public void drop(Answer answer) {
        all.removeIf(l -> l.answer() == answer);
        answer.abandon();
    }

    public void abandon() {
        all.forEach(l -> l.answer().abandon());
        all.clear();
    }

    // ---- time

    public long nextDeadline() {
        return all.stream().mapToLong(Linked::until).min().orElse(Deadlines.NEVER);
    }

    /// The peer does not come back to these.
    public void tick(long now) {
        for (Linked l : List.copyOf(all)) {
            if (now >= l.until()) {
                drop(l.answer());
            }
        }
    }
}
