package io.sallyport.model.event;

import io.sallyport.model.spec.Origin;

/// Why a negotiation failed: enough to mend it without a packet capture.
///
/// @param exchange e.g. `main mode`, `quick mode`
/// @param reason one sentence
/// @param ours what we offered or wanted, as text; empty where it does not apply
/// @param theirs what the peer offered or wanted
/// @param origin the line of configuration that decided
public record Failure(
        String connection,
        String peer,
        String exchange,
        String reason,
        String ours,
        String theirs,
        Origin origin) {
    @Override
    public String toString() {
        return text("failed");
    }

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
        if (!origin.equals(Origin.NONE)) {
            text.append(" [").append(origin).append(']');
        }
        return text.toString();
    }
}
