package io.sallyport.creds.x509;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A distinguished name that is demanded: as many parts, in the same order, each of them equal or
/// `*` (strongSwan's `C=CH, O=strongSwan, CN=*`).
public final class NamePattern {
    private NamePattern() {}

    private record Part(String type, String value) {}

    /// Both are DER; what is no name fits nothing.
    public static boolean fits(Octets demanded, Octets given) {
        try {
            List<Part> pattern = parts(demanded);
            List<Part> name = parts(given);
            if (pattern.size() != name.size() || name.isEmpty()) {
                return false;
            }
            for (int i = 0; i < name.size(); i++) {
                Part wanted = pattern.get(i);
                if (!wanted.type().equals(name.get(i).type())
                        || !wanted.value().equals("*")
                                && !wanted.value().equals(name.get(i).value())) {
                    return false;
                }
            }
            return true;
        } catch (BadDer _) {
            return false;
        }
    }

    private static List<Part> parts(Octets name) throws BadDer {
        List<Part> all = new ArrayList<>();
        DerReader sets = Der.parse(name, Tag.SEQUENCE).inside();
        while (sets.hasMore()) {
            DerReader pairs = sets.next(Tag.SET).inside();
            while (pairs.hasMore()) {
                DerReader pair = pairs.next(Tag.SEQUENCE).inside();
                String type = pair.next(Tag.OID).oid();
                String value = pair.next().text().toLowerCase(Locale.ROOT);
                all.add(new Part(type, value.strip().replaceAll(" +", " ")));
            }
        }
        return all;
    }
}
