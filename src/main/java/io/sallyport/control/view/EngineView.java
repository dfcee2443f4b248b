package io.sallyport.control.view;

import java.util.List;

/// A crypto engine of this machine and what it has; the words are those of proposals.
///
/// @param version of the library or of Java, with the instructions in use where it tells them
public record EngineView(
        String name,
        String version,
        List<String> ciphers,
        List<String> integrity,
        List<String> prfs,
        List<String> groups,
        List<String> signatures) {
    public EngineView {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        prfs = List.copyOf(prfs);
        groups = List.copyOf(groups);
        signatures = List.copyOf(signatures);
    }
}
