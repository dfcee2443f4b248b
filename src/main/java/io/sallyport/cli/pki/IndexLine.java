package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A line of the index of `openssl ca`: state, end, revocation, serial number, file and subject
/// with tabs between.
///
/// ```text
/// R	271127120000Z	261127120000Z,keyCompromise	1003	unknown	/O=Lab/CN=gone
/// ```
///
/// @param since when it was revoked; [Instant#EPOCH] if it was not
record IndexLine(BigInteger serial, boolean isRevoked, Instant since, int reason) {
    private static final int FIELDS = 4;
    private static final int UTC_CHARACTERS = 13;

    /// OpenSSL's words, in small letters.
    private static final Map<String, Integer> REASONS =
            Map.of(
                    "keycompromise", 1,
                    "cacompromise", 2,
                    "affiliationchanged", 3,
                    "superseded", 4,
                    "cessationofoperation", 5,
                    "certificatehold", 6,
                    "holdinstruction", 6,
                    "removefromcrl", 8);

    static List<IndexLine> parse(String file, String text) throws Trouble {
        List<IndexLine> all = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String[] fields = line.split("\t", -1);
            if (fields.length == 1 && line.isBlank()) {
                continue;
            }
            if (fields.length < FIELDS || !fields[0].matches("[VRE]")) {
                throw Given.unfit(
                        file,
                        "line " + number + " is none of an index of `openssl ca`",
                        "it has state, end, revocation and serial number with tabs between");
            }
            BigInteger serial = Contents.serial("line " + number + ": serial", fields[3]);
            all.add(
                    fields[0].equals("R")
                            ? revoked(file, number, serial, fields[2])
                            : new IndexLine(serial, false, Instant.EPOCH, 0));
        }
        return all;
    }

    private static IndexLine revoked(String file, int number, BigInteger serial, String field)
            throws Trouble {
        String[] parts = field.split(",", -1);
        int tag = parts[0].length() == UTC_CHARACTERS ? Tag.UTC_TIME : Tag.GENERALIZED_TIME;
        try {
            Instant since = Der.parse(DerWriter.value(tag, Octets.utf8(parts[0]))).time();
            String reason = parts.length > 1 ? parts[1].toLowerCase(Locale.ROOT) : "";
            return new IndexLine(serial, true, since, REASONS.getOrDefault(reason, 0));
        } catch (BadDer e) {
            throw Given.unfit(file, "line " + number + ": " + e.why(), "write the index anew");
        }
    }
}
