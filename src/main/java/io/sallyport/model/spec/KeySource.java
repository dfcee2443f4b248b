package io.sallyport.model.spec;

import io.sallyport.base.Octets;

/// Where the octets of a certificate or key are. Reading them is the business of `creds`.
public sealed interface KeySource {
    Origin origin();

    /// A file, PEM or DER. The path is absolute, or as it was said where no directory is known.
    record File(String path, Origin origin) implements KeySource {}

    /// The octets themselves, PEM or DER.
    record Inline(Octets data, Origin origin) implements KeySource {}

    /// On a PKCS#11 token.
    ///
    /// @param handle CKA_ID, hexadecimal
    /// @param slot its number, decimal; empty: any
    /// @param module a [ModuleSpec#name], or an absolute path; empty: any that has a name
    record Token(String handle, String slot, String module, Origin origin) implements KeySource {}
}
