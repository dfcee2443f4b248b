package io.sallyport.model.event;

/// What was said on both sides of a negotiation that failed. No part of it is secret.
///
/// @param initiator whether the IKE SA was begun by us
/// @param proven whether the peer had proved who it is. If not, anybody may have said what `them`
///   says
/// @param child that it was about; empty: the IKE SA
/// @param verdict on the peer's proof and its certificates; empty: none was reached
public record Account(
        boolean initiator, boolean proven, String child, Terms us, Terms them, String verdict) {
    public static final Account NONE = new Account(true, false, "", Terms.NONE, Terms.NONE, "");

    public Account {
        verdict = Terms.clipped(verdict);
    }

    /// About a child SA, which has proposals and selectors of its own.
    public Account about(String some, Terms ours, Terms theirs) {
        return new Account(initiator, proven, some, ours, theirs, verdict);
    }
}
