package io.sallyport.creds.store;

import io.sallyport.model.spec.Origin;

/// A credential that could not be used as it is configured.
///
/// @param origin where it is named
/// @param text names the file, says what it is and what was expected; nothing that is secret
public record Finding(Origin origin, String text) {
    @Override
    public String toString() {
        return origin.file().isEmpty() ? text : origin + ": " + text;
    }
}
