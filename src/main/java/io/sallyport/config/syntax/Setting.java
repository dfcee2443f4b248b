package io.sallyport.config.syntax;

/// One `key = value` with the places of both.
public record Setting(String key, String value, Position keyAt, Position at) {}
