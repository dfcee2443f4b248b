package io.sallyport.config.syntax;

import java.util.List;

/// A headed group of settings: its kind (`conn`), its name, the place of its head.
public record Section(String kind, String name, Position at, List<Setting> settings) {
    public Section {
        settings = List.copyOf(settings);
    }
}
