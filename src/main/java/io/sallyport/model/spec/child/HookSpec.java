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

    /// Whether it is strongSwan's own script, which changes rules of a firewall.
    public boolean isFirewall() {
        return updown.matches("(\\S*/)?(ipsec\\s+)?_updown(\\s+iptables)?");
    }

    /// Whether there is a program to run.
    public boolean runs() {
        return isSet() && !isFirewall();
    }
}
