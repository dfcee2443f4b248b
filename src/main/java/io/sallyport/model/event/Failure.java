package io.sallyport.model.event;

import io.sallyport.model.spec.Origin;

/// Why a negotiation failed: enough to mend it without a packet capture.
///
/// @param connection empty: none is for this peer
/// @param exchange e.g. `main mode`, `quick mode`
/// @param reason one sentence
/// @param ours what decided, as we offered or wanted it; empty where it does not apply
/// @param theirs the same of the peer
/// @param account all that was said besides
/// @param origin the line of configuration that decided
public record Failure(
        String connection,
        String peer,
        String exchange,
        Cause cause,
        String reason,
        String ours,
        String theirs,
        Account account,
        Origin origin) {
    public Failure {
        reason = Terms.clipped(reason);
        ours = Terms.clipped(ours);
        theirs = Terms.clipped(theirs);
    }

    /// Of which no more is known.
    public Failure(
            String connection,
            String peer,
            String exchange,
            String reason,
            String ours,
            String theirs,
            Origin origin) {
        this(connection, peer, exchange, Cause.OTHER, reason, ours, theirs, Account.NONE, origin);
    }

    /// Decided elsewhere.
    public Failure at(Origin line) {
        return new Failure(connection, peer, exchange, cause, reason, ours, theirs, account, line);
    }

    /// Of a child SA that was offered and asked for with these.
    public Failure offering(
            String child,
            String ourProposals,
            String ourSelectors,
            String theirProposals,
            String theirSelectors) {
        return new Failure(
                connection,
                peer,
                exchange,
                cause,
                reason,
                ours,
                theirs,
                account.about(
                        child,
                        account.us().offering(ourProposals, ourSelectors),
                        account.them().offering(theirProposals, theirSelectors)),
                origin);
    }

    @Override
    public String toString() {
        return text("failed");
    }

    /// The whole record on one line, nothing of it twice.
    ///
    /// @param verdict what is said of the exchange, e.g. `failed`
    public String text(String verdict) {
        StringBuilder text = new StringBuilder(connection.isEmpty() ? "?" : connection);
        text.append(" (")
                .append(peer)
                .append("): ")
                .append(exchange)
                .append(' ')
                .append(verdict)
                .append(": ")
                .append(reason);
        if (!ours.isEmpty()) {
            text.append("; ours: ").append(ours);
        }
        if (!theirs.isEmpty()) {
            text.append("; theirs: ").append(theirs);
        }
        append(text, "we are", account.us().identity());
        append(text, "we want", account.us().wanted());
        append(text, "they are", account.them().identity());
        append(text, "they want", account.them().wanted());
        append(text, "we offer", account.us().proposals());
        append(text, "they offer", account.them().proposals());
        append(text, "our traffic", account.us().selectors());
        append(text, "their traffic", account.them().selectors());
        append(text, "verdict", account.verdict());
        if (!origin.equals(Origin.NONE)) {
            text.append(" [").append(origin).append(']');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String label, String what) {
        if (!what.isEmpty() && text.indexOf(what) < 0) {
            text.append("; ").append(label).append(' ').append(what);
        }
    }
}
