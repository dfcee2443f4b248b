package io.sallyport.config.swanctl;

/// The sections that have settings, by their path.
enum Place {
    CONNECTION("connections.<conn>"),
    LOCAL("connections.<conn>.local<suffix>"),
    REMOTE("connections.<conn>.remote<suffix>"),
    CERTIFICATE("connections.<conn>.local|remote<suffix>.cert|cacert<suffix>"),
    CHILD("connections.<conn>.children.<child>"),
    SHARED("secrets.ike|ppk|eap|xauth|ntlm<suffix>"),
    KEY("secrets.private|rsa|ecdsa|pkcs8|pkcs12<suffix>"),
    TOKEN("secrets.token<suffix>"),
    POOL("pools.<name>"),
    AUTHORITY("authorities.<name>"),
    /// Ours alone: strongSwan has no manual keys.
    MANUAL("manual.<name>"),
    MANUAL_HALF("manual.<name>.in|out"),
    /// Ours alone: strongSwan has its modules in strongswan.conf.
    MODULE("pkcs11.<module>");

    private final String path;

    Place(String path) {
        this.path = path;
    }

    /// `connections.<conn>`.
    @Override
    public String toString() {
        return path;
    }
}
