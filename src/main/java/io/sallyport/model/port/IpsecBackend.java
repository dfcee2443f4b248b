package io.sallyport.model.port;

import io.sallyport.base.telemetry.Drop;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaUsage;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The data plane: our own, or the kernel's. Called by the IKE loop only; takes effect at once.
///
/// Make-before-break: [#install] makes the inbound half live beside older SAs of the same owner;
/// [#activate] then turns the outbound traffic of the owner's policy to the new SA; [#remove] ends
/// the old one. An SA removed while it is the active one leaves the policy without an SA: packets
/// are dropped, never sent in clear.
public interface IpsecBackend {
    /// Adds or replaces the policies of the owners of `entries`, and removes those of `gone` with
    /// every SA of theirs: torn down on purpose. Meanwhile nothing passes in clear that passes
    /// neither by the policies before nor by those after.
    void replace(Collection<PolicyEntry> entries, Collection<Owner> gone);

    /// Adds or replaces one policy.
    default void protect(PolicyEntry entry) {
        replace(List.of(entry), List.of());
    }

    /// Removes one owner's.
    default void unprotect(Owner owner) {
        replace(List.of(), List.of(owner));
    }

    /// Makes the inbound half live. The keys are copied.
    ///
    /// @throws IllegalArgumentException if no engine offers the suite
    void install(ChildSa sa);

    /// Outbound traffic of the owner's policy takes this SA from now on.
    void activate(long id);

    /// Removes both halves and forgets the keys. Unknown ids are ignored.
    void remove(long id);

    /// The peer's address or port changed (NAT rebinding).
    void move(long id, io.sallyport.model.sa.Carriage carriage);

    /// Octets of the largest outer packet that the SA's path takes, as last known; 0: not known
    /// here.
    default int pathMtu(long id) {
        return 0;
    }

    /// Counters so far; [SaUsage#NONE] for an unknown id.
    SaUsage usage(long id);

    /// Packets of the owner's policy and of all its SAs, those of the past included, that went no
    /// further, by reason; empty where the data plane does not count them so.
    default Map<Drop, Long> drops(Owner owner) {
        return Map.of();
    }
}
