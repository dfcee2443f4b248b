package io.sallyport.crypto.kdf;

import io.sallyport.base.Secret;
import java.util.Arrays;

/// Key material grown block by block.
final class Expansion {
    private Expansion() {}

    /// Copies as much of `block` as still fits behind the first `done` octets of `all`; gives the
    /// new `done`.
    static int append(Secret block, byte[] all, int done) {
        byte[] exposed = block.expose();
        int count = Math.min(exposed.length, all.length - done);
        System.arraycopy(exposed, 0, all, done, count);
        Arrays.fill(exposed, (byte) 0);
        return done + count;
    }
}
