package io.sallyport.creds.pem;

/// A file of keys or certificates that cannot be used; the message is for the person who named it,
/// and quotes nothing of what is in it.
public final class BadCredential extends Exception {
    private static final long serialVersionUID = 1;

    public BadCredential(String why) {
        super(why, null, false, false);
    }

    /// What it is, and what was expected.
    public String why() {
        return String.valueOf(getMessage());
    }
}
