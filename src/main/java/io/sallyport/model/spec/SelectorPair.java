package io.sallyport.model.spec;

import io.sallyport.base.net.TrafficSelector;
import java.util.List;

/// What a policy covers: our side and the peer's, each a list of which any may match.
public record SelectorPair(List<TrafficSelector> local, List<TrafficSelector> remote) {
    public SelectorPair {
        local = List.copyOf(local);
        remote = List.copyOf(remote);
    }

    @Override
    public String toString() {
        return text(local) + " === " + text(remote);
    }

    private static String text(List<TrafficSelector> side) {
        return side.isEmpty()
                ? "dynamic"
                : String.join(", ", side.stream().map(Object::toString).toList());
    }
}
