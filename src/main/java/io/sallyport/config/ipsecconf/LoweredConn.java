package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.Position;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.PoolSpec;
import java.util.List;

/// A connection of an ipsec.conf, its mark still to be joined with an interface where the updown
/// line did not name one.
///
/// @param pools that its `rightsourceip` describes
/// @param mark 0: none
/// @param markAt where the mark was said
public record LoweredConn(
        ConnectionSpec spec, List<PoolSpec> pools, int mark, Position markAt, Position at) {
    public LoweredConn {
        pools = List.copyOf(pools);
    }

    public String name() {
        return spec.name();
    }

    /// The link of its children, which all have the same.
    public LinkSpec link() {
        return spec.children().getFirst().link();
    }

    /// The same connection with every child on `link`.
    public LoweredConn over(LinkSpec link) {
        ConnectionSpec linked = spec.with(spec.children().stream().map(c -> c.over(link)).toList());
        return new LoweredConn(linked, pools, mark, markAt, at);
    }
}
