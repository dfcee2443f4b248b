package io.sallyport.crypto.suite;

/// The protocol that protects the packets of a child SA (S1-03, S4-24).
public enum SaProtocol {
    /// RFC 4303.
    ESP,
    /// RFC 4302: integrity only. The suite's cipher is NULL.
    AH
}
