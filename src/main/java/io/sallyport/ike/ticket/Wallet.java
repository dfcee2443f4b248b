package io.sallyport.ike.ticket;

import java.util.Optional;

/// The one ticket that a connection has, and whether it is to be shown now.
public final class Wallet {
    private Optional<Resumable> held = Optional.empty();

    /// Nobody answered to it: the next attempt is a whole handshake, for the gateway may be another
    /// one by now that does not even know the exchange.
    private boolean paused;

    /// In place of the one before.
    public void keep(Resumable fresh) {
        clear();
        held = Optional.of(fresh);
    }

    /// The ticket to show; the caller closes it, or gives it back.
    public Optional<Resumable> take(long now) {
        // RFC 5723, 4.3.1: "A client MUST NOT present a ticket when it knows that the ticket's
        // lifetime has expired."
        if (held.filter(r -> now >= r.expiresAt()).isPresent()) {
            clear();
        }
        if (paused) {
            paused = false;
            return Optional.empty();
        }
        Optional<Resumable> taken = held;
        held = Optional.empty();
        return taken;
    }

    /// It was shown to nobody who answered.
    public void giveBack(Resumable unanswered) {
        if (held.isPresent()) {
            unanswered.close();
        } else {
            held = Optional.of(unanswered);
            paused = true;
        }
    }

    /// RFC 5723, 6.2: "when an IKE SA is deleted by the client or the gateway, the client MUST
    /// delete its stored ticket."
    ///
    /// @return whether there was one of this IKE SA
    public boolean drop(long spiI, long spiR) {
        boolean its = held.filter(r -> r.spiI() == spiI && r.spiR() == spiR).isPresent();
        if (its) {
            clear();
        }
        return its;
    }

    public void clear() {
        held.ifPresent(Resumable::close);
        held = Optional.empty();
        paused = false;
    }
}
