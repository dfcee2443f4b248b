package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// ```text
/// Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// ```
record Extension(String oid, boolean critical, Octets value) {
    private static final int MOST = 64;

    /// @param explicit `[n] EXPLICIT Extensions`
    static List<Extension> list(Der explicit) throws BadDer {
        DerReader all = Der.parse(explicit.content(), Tag.SEQUENCE).inside();
        List<Extension> list = new ArrayList<>();
        while (all.hasMore()) {
            if (list.size() == MOST) {
                throw new BadDer("more than " + MOST + " extensions");
            }
            DerReader one = all.next(Tag.SEQUENCE).inside();
            String oid = one.next(Tag.OID).oid();
            Optional<Der> critical = one.optional(Tag.BOOLEAN);
            Octets value = one.next(Tag.OCTET_STRING).content();
            one.end();
            list.add(new Extension(oid, critical.isPresent() && critical.get().bool(), value));
        }
        return list;
    }

    /// RFC 8954, 2.1: `Nonce ::= OCTET STRING(SIZE(1..32))`. RFC 2560 left its form open, so older
    /// responders' are taken as they are.
    Octets nonce() {
        try {
            return Der.parse(value, Tag.OCTET_STRING).content();
        } catch (BadDer _) {
            return value;
        }
    }
}
