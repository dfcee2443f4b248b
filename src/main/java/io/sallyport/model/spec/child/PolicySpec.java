package io.sallyport.model.spec.child;

/// How the policies of a child stand among others.
///
/// @param install false: only SAs, somebody else leads packets to them
/// @param reqid 0: given by us
/// @param priority smaller wins; 0: computed from the selectors
/// @param device the policies hold on this interface only; empty: on all
/// @param label of mandatory access control (RFC 9478); empty: none
public record PolicySpec(
        boolean install, int reqid, int priority, String device, MarkSpec marks, String label) {
    public static final PolicySpec DEFAULT = new PolicySpec(true, 0, 0, "", MarkSpec.NONE, "");
}
