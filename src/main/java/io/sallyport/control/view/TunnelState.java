package io.sallyport.control.view;

/// What a tunnel is doing, in one word.
public enum TunnelState {
    /// Not wanted: never started, taken down by a person, or given up after its tries.
    DOWN,
    /// Wanted when the peer or a packet asks for it.
    WAITING,
    /// Negotiating, or between two tries.
    CONNECTING,
    /// Carries traffic.
    UP,
    /// Ready to take over: another tunnel of the same policy is up (S3-02).
    STANDBY,
    /// The peer was declared dead and nothing is being tried.
    DEAD;

    /// Nothing is left to wait for.
    public boolean settled() {
        return this == UP || this == STANDBY || this == WAITING;
    }
}
