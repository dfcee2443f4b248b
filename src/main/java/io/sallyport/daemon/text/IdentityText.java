package io.sallyport.daemon.text;

import io.sallyport.base.Octets;
import java.util.regex.Pattern;

/// Identities as charon writes them for its clients and programs. People get a key id as they would
/// write it, `@#6d6f6f6e`; charon's get its octets.
public final class IdentityText {
    private static final Pattern KEY_ID = Pattern.compile("@#((?:[0-9a-f]{2})+)");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");

    private IdentityText() {}

    /// @param identity the text of an [io.sallyport.model.spec.Identity]; empty: not known yet
    /// @return `moon` for a key id that can be printed, else `6d:6f:01`; `%any` for nobody
    public static String of(String identity) {
        if (identity.isEmpty()) {
            return "%any";
        }
        var keyId = KEY_ID.matcher(identity);
        if (!keyId.matches()) {
            return identity;
        }
        String text = Octets.hex(keyId.group(1)).text();
        return PRINTABLE.matcher(text).matches()
                ? text
                : keyId.group(1).replaceAll("(..)(?!$)", "$1:");
    }
}
