package io.sallyport.model.spec;

/// Which IKE a connection speaks.
public enum IkeVersion {
    IKEV1,
    IKEV2
}
