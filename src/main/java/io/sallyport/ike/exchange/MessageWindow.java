package io.sallyport.ike.exchange;

import io.sallyport.base.Octets;
import java.util.List;

/// Message IDs of one IKEv2 SA, with a window of one in each direction (RFC 7296, 2.2 and 2.3).
///
/// ```text
///  ours    0, 1, 2 ...   one request under way; only its answer is taken
///  theirs  0, 1, 2 ...   the next one is taken; the one before is answered again as it was
/// ```
public final class MessageWindow {
    private int nextOurs;
    private boolean waiting;
    private int nextTheirs;
    private Octets lastRequest = Octets.EMPTY;
    private List<Octets> lastAnswer = List.of();

    /// What a request of the peer's is.
    public enum Standing {
        /// The next one.
        NEW,
        /// The one before, octet for octet: our answer was lost, or is still being made.
        REPEATED,
        /// Neither, or another message under an ID that was used: to be dropped.
        STRANGE
    }

    /// @param octets the datagram, of a fragmented message its first
    public Standing judge(int messageId, Octets octets) {
        if (messageId == nextTheirs) {
            return Standing.NEW;
        }
        // Only what is octet for octet the request we answered: whoever replays it gets no more
        // than the answer once more, and needs no arithmetic of ours.
        return messageId == nextTheirs - 1 && octets.equals(lastRequest)
                ? Standing.REPEATED
                : Standing.STRANGE;
    }

    /// This request is authentic: its ID is used up, whatever becomes of it.
    public void taken(int messageId, Octets octets) {
        nextTheirs = messageId + 1;
        lastRequest = octets;
        lastAnswer = List.of();
    }

    /// What the request taken last is answered with, now and when it is repeated.
    public void answered(List<Octets> datagrams) {
        lastAnswer = List.copyOf(datagrams);
    }

    /// Empty while the answer is being made.
    public List<Octets> lastAnswer() {
        return lastAnswer;
    }

    /// The ID of the request taken last.
    public int lastTheirs() {
        return nextTheirs - 1;
    }

    /// The ID for a request of ours, which is now under way.
    public int begin() {
        if (waiting) {
            throw new IllegalStateException("a request is under way");
        }
        waiting = true;
        return nextOurs++;
    }

    /// Whether this ID answers the request under way.
    public boolean isAwaited(int messageId) {
        return waiting && messageId == nextOurs - 1;
    }

    /// The request under way is answered.
    public void done() {
        waiting = false;
    }

    public boolean isWaiting() {
        return waiting;
    }

    /// The first request begins anew with ID 0 (RFC 7296, 2.6 and 1.2: a COOKIE or another group).
    public void beginAgain() {
        waiting = false;
        nextOurs = 0;
    }
}
