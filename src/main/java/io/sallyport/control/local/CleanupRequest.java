package io.sallyport.control.local;

import java.nio.file.Path;

/// What a daemon that no longer runs may have left behind.
public record CleanupRequest(Path socket, Path stateDirectory) {}
