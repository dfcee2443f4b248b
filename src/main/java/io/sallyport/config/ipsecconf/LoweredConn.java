package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.Position;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;

/// A connection of an ipsec.conf, its mark still to be joined with an interface where the updown
/// line did not name one.
///
/// @param mark 0: none
/// @param markAt where the mark was said
public record LoweredConn(ConnectionSpec spec, int mark, Position markAt, Position at) {
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
        return new LoweredConn(linked, mark, markAt, at);
    }
}
