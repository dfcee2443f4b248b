package io.sallyport.drivers.filter;

import java.util.List;
import java.util.Set;

/// Which packets must not come in clear. A packet that came by one of `links` was opened by us and
/// passes; of the others the first term that covers it decides; one that no term covers passes.
///
/// IKE, ESP and AH to this host, and the neighbour discovery of IPv6, always pass.
///
/// @param links names of our TUNs
/// @param terms in order
public record Wall(Set<String> links, List<Term> terms) {
    public static final Wall NONE = new Wall(Set.of(), List.of());

    public Wall {
        links = Set.copyOf(links);
        terms = List.copyOf(terms);
    }

    public boolean isNone() {
        return terms.isEmpty();
    }
}
