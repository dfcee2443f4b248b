package io.sallyport.control.view;

/// Who answers.
///
/// @param pid of the daemon in its own process namespace
public record VersionView(String version, String java, long pid) {}
