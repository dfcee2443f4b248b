package io.sallyport.model.spec;

/// What is done for a child SA by itself: at load, when the peer closes it, when the peer is dead.
public record Actions(Start start, Close close, Dpd dpd) {
    /// At load.
    public enum Start {
        NONE,
        /// Wait for a packet that needs it.
        TRAP,
        START
    }

    /// When the peer deletes it, or it expires.
    public enum Close {
        NONE,
        TRAP,
        START
    }

    /// When dead peer detection gives up.
    public enum Dpd {
        NONE,
        /// Remove the SAs, wait for the peer or a person.
        CLEAR,
        /// Remove the SAs, come back when a packet needs them.
        HOLD,
        /// Remove the SAs and negotiate again at once.
        RESTART
    }
}
