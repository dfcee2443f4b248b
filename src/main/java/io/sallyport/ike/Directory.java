package io.sallyport.ike;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.Path;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.Profile;
import io.sallyport.ike.v1.V1Door;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.IkeVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which connections a stranger may mean, by the address that it comes from: a gateway with ten
/// thousand peers at addresses of their own looks at one of them for each first message.
final class Directory {
    private final Map<IpAddress, Set<Profile>> fixed = new HashMap<>();

    /// Whose peer may come from several addresses, or from anywhere.
    private final Set<Profile> open = new LinkedHashSet<>();

    void add(Profile profile) {
        if (profile.spec().remote().address() instanceof AddressSpec.Fixed(IpAddress peer)) {
            fixed.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(profile);
        } else {
            open.add(profile);
        }
    }

    void remove(Profile profile) {
        if (profile.spec().remote().address() instanceof AddressSpec.Fixed(IpAddress peer)) {
            Set<Profile> there = fixed.get(peer);
            if (there != null && there.remove(profile) && there.isEmpty()) {
                fixed.remove(peer);
            }
        } else {
            open.remove(profile);
        }
    }

    /// Connections that a peer at this path may mean, fixed addresses before `%any`.
    List<Connection> candidates(Path path, IkeVersion version) {
        List<Connection> all = new ArrayList<>();
        for (Profile p : fixed.getOrDefault(path.remote().address(), Set.of())) {
            addIf(p, path, version, all);
        }
        for (Profile p : open) {
            addIf(p, path, version, all);
        }
        return all;
    }

    private static void addIf(
            Profile profile, Path path, IkeVersion version, List<Connection> all) {
        IkeVersion spoken = profile.spec().ike().version();
        if ((spoken == version || spoken == IkeVersion.ANY)
                // No way round a proof that IKEv1 does not know
                && (version == IkeVersion.IKEV2 || V1Door.mayBeFor(profile.spec()))
                && mayBe(profile.spec().local().address(), path.local().address())
                && mayBe(profile.spec().remote().address(), path.remote().address())) {
            all.add(profile.home());
        }
    }

    private static boolean mayBe(AddressSpec spec, IpAddress address) {
        return switch (spec) {
            case AddressSpec.Fixed(IpAddress wanted) -> wanted.equals(address);
            case AddressSpec.Within(IpRange range) -> range.contains(address);
            case AddressSpec.DefaultRoute _ -> true;
            case AddressSpec.Any _ -> true;
            case AddressSpec.Named _ -> true; // its identity is checked, and its key must fit
        };
    }
}
