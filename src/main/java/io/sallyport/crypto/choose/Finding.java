package io.sallyport.crypto.choose;

/// An algorithm that an engine offered and that we do not let it run.
///
/// @param engine the engine's name
/// @param algorithm e.g. `modp2048`, `aes128-sha1`
/// @param why what went wrong, without any key
public record Finding(String engine, String algorithm, String why) {
    @Override
    public String toString() {
        return engine + " is not trusted with " + algorithm + ": " + why;
    }
}
