package io.sallyport.creds.revocation;

/// A list or an answer that tells nothing about a certificate, and why.
final class Unbelieved extends Exception {
    private static final long serialVersionUID = 1;

    Unbelieved(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
