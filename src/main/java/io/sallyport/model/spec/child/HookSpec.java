package io.sallyport.model.spec.child;

/// A program that is told when a child comes and goes.
///
/// @param updown a command line; empty: none
/// @param hostAccess the program should let the gateway itself use the tunnel
public record HookSpec(String updown, boolean hostAccess) {
    public static final HookSpec NONE = new HookSpec("", false);

    public boolean isSet() {
        return !updown.isEmpty();
    }
}
