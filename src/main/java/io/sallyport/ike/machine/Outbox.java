package io.sallyport.ike.machine;

import java.util.ArrayList;
import java.util.List;

/// Collects what the machines want done, in order.
public final class Outbox {
    private final List<Output> outputs = new ArrayList<>();

    public void add(Output output) {
        outputs.add(output);
    }

    /// All outputs since the last call.
    public List<Output> drain() {
        List<Output> all = List.copyOf(outputs);
        outputs.clear();
        return all;
    }
}
