package io.sallyport.crypto.suite;

/// The algorithms a child SA uses. `group` is the PFS group of its quick mode, or `NONE`. With AH
/// the cipher is NULL.
///
/// @param outer with ESP: the integrity of an AH round it, or `NONE`
public record EspSuite(
        Cipher cipher,
        Integrity integrity,
        Group group,
        boolean esn,
        SaProtocol protocol,
        Integrity outer) {
    public EspSuite {
        if (protocol == SaProtocol.AH && outer != Integrity.NONE) {
            throw new IllegalArgumentException("AH round AH");
        }
        if (protocol == SaProtocol.AH
                && (cipher.encryption() != Encryption.NULL || integrity == Integrity.NONE)) {
            throw new IllegalArgumentException("AH with " + cipher + " and " + integrity);
        }
        if (cipher.encryption().isAead() != (integrity == Integrity.NONE)) {
            throw new IllegalArgumentException(cipher + " with integrity " + integrity);
        }
    }

    /// One protocol alone.
    public EspSuite(
            Cipher cipher, Integrity integrity, Group group, boolean esn, SaProtocol protocol) {
        this(cipher, integrity, group, esn, protocol, Integrity.NONE);
    }

    /// For ESP.
    public EspSuite(Cipher cipher, Integrity integrity, Group group, boolean esn) {
        this(cipher, integrity, group, esn, SaProtocol.ESP);
    }

    /// For AH.
    public static EspSuite ah(Integrity integrity, Group group, boolean esn) {
        return new EspSuite(Cipher.of(Encryption.NULL), integrity, group, esn, SaProtocol.AH);
    }

    /// This ESP with AH round it, a bundle (RFC 2401, 4.3: transport adjacency).
    public EspSuite within(Integrity ah) {
        return new EspSuite(cipher, integrity, group, esn, protocol, ah);
    }

    /// Whether AH stands round the ESP.
    public boolean isBundle() {
        return outer != Integrity.NONE;
    }

    /// Of a bundle: the suite of its AH.
    public EspSuite outerSuite() {
        return ah(outer, group, esn);
    }

    public boolean isAh() {
        return protocol == SaProtocol.AH;
    }

    /// Octets of the ICV at the end of each packet.
    public int icvOctets() {
        return cipher.encryption().isAead()
                ? cipher.encryption().icvOctets()
                : integrity.icvOctets();
    }

    /// `aes128-sha1` or `aes128gcm16`, with the PFS group behind it; `ah-sha1` with AH.
    @Override
    public String toString() {
        return (isAh() ? "ah" : cipher.toString())
                + (integrity == Integrity.NONE ? "" : "-" + integrity)
                + (group == Group.NONE ? "" : "-" + group)
                + (esn ? "-esn" : "")
                + (isBundle() ? "+ah-" + outer : "");
    }
}
