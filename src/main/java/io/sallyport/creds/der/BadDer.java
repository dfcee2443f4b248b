package io.sallyport.creds.der;

/// Octets that are not the DER that was expected.
public final class BadDer extends Exception {
    private static final long serialVersionUID = 1;

    public BadDer(String why) {
        super(why, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
