package io.sallyport.control.local;

import java.nio.file.Path;
import java.util.List;

/// Configurations to load, added to those that are loaded; a file loaded before is read again.
///
/// @param files absolute paths
public record LoadRequest(List<Path> files, Site site) {
    public LoadRequest {
        files = List.copyOf(files);
    }
}
