package io.sallyport.ike.sa;

import io.sallyport.model.port.Entropy;

/// When an exchange that the peer refused with TEMPORARY_FAILURE is tried again (RFC 7296, 2.25:
/// "MUST NOT immediately retry").
///
/// The pauses of both ends differ, so that they do not collide again. They are a part of what is
/// left of the life of what is to be replaced, so that there is time for another refusal; those of
/// an IKE SA are short, for it collides with each of its children, and a peer like us makes none
/// until then.
final class Pause {
    private static final long LONGEST = 1_000_000_000L;
    private static final long SHORTEST = LONGEST / 10;

    private Pause() {}

    /// @param end of what is to be replaced
    static long ofChild(long end, long now, Entropy entropy) {
        return after((end - now) / 8, LONGEST, now, entropy);
    }

    static long ofIkeSa(long end, long now, Entropy entropy) {
        return after((end - now) / 8, LONGEST / 3, now, entropy);
    }

    private static long after(long part, long longest, long now, Entropy entropy) {
        long unit = Math.clamp(part, SHORTEST, longest);
        return now + unit + entropy.below(2 * unit);
    }
}
