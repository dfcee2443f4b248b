package io.sallyport.model.spec;

import java.util.List;

/// What is known about a CA beside its certificate.
///
/// @param uriBase where hash-and-URL certificates of it are (RFC 7296, 3.6); empty: nowhere
public record AuthoritySpec(
        String name,
        KeySource certificate,
        List<String> crlUris,
        List<String> ocspUris,
        String uriBase,
        Origin origin) {
    public AuthoritySpec {
        crlUris = List.copyOf(crlUris);
        ocspUris = List.copyOf(ocspUris);
    }
}
