package io.sallyport.model.spec;

/// A library that knows tokens, by PKCS#11.
///
/// @param name by which configurations call it
/// @param path absolute
public record ModuleSpec(String name, String path, Origin origin) {}
