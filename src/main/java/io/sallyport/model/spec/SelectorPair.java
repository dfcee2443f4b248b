package io.sallyport.model.spec;

import io.sallyport.base.net.TrafficSelector;
import java.util.List;

/// What a policy covers: our side and the peer's, each a list of which any may match.
public record SelectorPair(List<TrafficSelector> local, List<TrafficSelector> remote) {
    public SelectorPair {
        local = List.copyOf(local);
        remote = List.copyOf(remote);
    }

    /// Whether each side is one address, of several protocols or ports perhaps, or the end itself
    /// (empty): what BEET mode wants.
    public boolean isHostToHost() {
        return isHost(local) && isHost(remote);
    }

    private static boolean isHost(List<TrafficSelector> side) {
        return side.isEmpty()
                || side.stream().map(TrafficSelector::addresses).distinct().count() == 1
                        && side.getFirst().addresses().isOne();
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
