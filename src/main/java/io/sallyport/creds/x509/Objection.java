package io.sallyport.creds.x509;

import io.sallyport.model.trust.Verdict.Reason;

/// What is wrong with a certificate, or with the way to it.
///
/// @param text one sentence that names the certificate it is about
public record Objection(Reason reason, String text) {}
