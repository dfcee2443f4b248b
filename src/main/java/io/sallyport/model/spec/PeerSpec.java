package io.sallyport.model.spec;

/// One end of a connection: where it is, who it is, how it proves that.
public record PeerSpec(AddressSpec address, Identity identity, Auth auth) {
    /// How an end authenticates itself.
    public enum Auth {
        PSK
    }
}
