package io.sallyport.model.spec;

/// Which IKE a connection speaks.
public enum IkeVersion {
    /// As initiator IKEv2, as responder either.
    ANY,
    IKEV1,
    IKEV2
}
