package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.issue.AltName;
import io.sallyport.creds.issue.CertificateOrder;
import io.sallyport.creds.issue.CertificateOrder.Flag;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a person wants in a certificate or a request, option by option.
record Contents(Said said) {
    /// Three years, as strongSwan's pki.
    private static final int DAYS = 1095;

    private static final int MOST_LENGTH = 100;
    private static final int SERIAL_OCTETS = 16;
    private static final int MOST_SERIAL_DIGITS = 40;

    private interface Reader {
        Optional<Octets> read(String text);
    }

    static Sheet names(Sheet sheet) {
        return sheet.option("-d --dn", "NAME", "The subject, e.g. 'C=CH, O=Me, CN=moon'.")
                .options(
                        "-a --san",
                        "NAME",
                        "A subjectAltName: a DNS name, mail address, IP address, URI or",
                        "distinguished name; dns:, email:, ip:, uri: or dn: in front says which.",
                        "More than once.");
    }

    static Sheet options(Sheet sheet) {
        names(sheet)
                .option("-l --lifetime", "DAYS", "How long it is valid. Otherwise 1095 days.")
                .option("-F --not-before", "TIME", "When it begins, otherwise now: " + Dates.FORMS)
                .option("-T --not-after", "TIME", "When it ends, instead of --lifetime.")
                .option("-s --serial", "HEX", "Serial number. Otherwise a random one.")
                .flag("-b --ca", "It is an authority's.")
                .option("-p --pathlen", "N", "Of an authority: so many authorities below it.")
                .options(
                        "-e --flag",
                        "WORD",
                        "What it is for: serverAuth, clientAuth, ikeIntermediate, ocspSigning,",
                        "msSmartcardLogon or crlSign. More than once.")
                .options("-o --ocsp", "URI", "Where OCSP is asked about it. More than once.")
                .options(
                        "-n --nc-permitted",
                        "NAME",
                        "Of an authority: only names below NAME, e.g. example.org or 10.0.0.0/8.",
                        "More than once.")
                .options(
                        "-N --nc-excluded",
                        "NAME",
                        "Of an authority: no names below NAME. More than once.")
                .options(
                        "-P --cert-policy",
                        "OID",
                        "A policy that it was issued under. More than once.");
        return sheet;
    }

    // ---- values

    Optional<Octets> subject() throws Trouble {
        String text = said.value("--dn");
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(
                DistinguishedName.encode(text)
                        .orElseThrow(() ->
                                Said.wrong(
                                        "--dn '"
                                                + text
                                                + "' is no distinguished name; write e.g."
                                                + " 'C=CH, O=Me, CN=moon'")));
    }

    /// The name of whoever has none.
    static Octets nameless() {
        return DerWriter.sequence();
    }

    List<Octets> alternatives() throws Trouble {
        return each("--san", AltName::of, "no name; write e.g. moon.example.org or 192.0.2.1");
    }

    private List<Octets> each(String option, Reader reader, String what) throws Trouble {
        List<Octets> all = new ArrayList<>();
        for (String text : said.values(option)) {
            all.add(
                    reader.read(text)
                            .orElseThrow(() -> Said.wrong(option + " '" + text + "' is " + what)));
        }
        return all;
    }

    static BigInteger serial(String option, String hex) throws Trouble {
        String digits = hex.replace(":", "");
        digits = digits.startsWith("0x") ? digits.substring(2) : digits;
        if (digits.matches("[0-9A-Fa-f]+") && digits.length() <= MOST_SERIAL_DIGITS) {
            BigInteger serial = new BigInteger(digits, 16);
            // RFC 5280, 4.1.2.2: positive, "no longer than 20 octets"
            if (serial.signum() > 0 && serial.bitLength() <= 159) {
                return serial;
            }
        }
        throw Said.wrong(
                option + " '" + hex + "' is no serial number; write 1 to 40 hexadecimal digits");
    }

    private BigInteger serial() throws Trouble {
        String said = this.said.value("--serial");
        if (said != null) {
            return serial("--serial", said);
        }
        byte[] octets = new byte[SERIAL_OCTETS];
        new SecureRandom().nextBytes(octets);
        // never zero, never negative
        octets[0] = (byte) (octets[0] & 0x3f | 0x40);
        return new BigInteger(HexFormat.of().formatHex(octets), 16);
    }

    private Set<Flag> flags() throws Trouble {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (String word : said.values("--flag")) {
            flags.add(
                    Flag.of(word)
                            .orElseThrow(() ->
                                    Said.wrong(
                                            "--flag '"
                                                    + word
                                                    + "' is none of "
                                                    + String.join(
                                                            ", ",
                                                            Arrays.stream(Flag.values())
                                                                    .map(Flag::toString)
                                                                    .toList()))));
        }
        return flags;
    }

    // ---- the order

    /// @param requested names that a request asks for
    CertificateOrder order(Octets subject, PublicKey key, List<Octets> requested) throws Trouble {
        boolean authority = said.has("--ca");
        for (String option : List.of("--pathlen", "--nc-permitted", "--nc-excluded")) {
            if (!authority && said.has(option)) {
                throw Said.wrong(option + " is for authorities: say --ca as well");
            }
        }
        Dates dates = Dates.of(said, "--not-before", "--not-after", DAYS);
        CertificateOrder order =
                new CertificateOrder(subject, key, serial(), dates.from(), dates.until());
        if (authority) {
            order.authority(said.has("--pathlen") ? said.number("--pathlen", 0, MOST_LENGTH) : -1);
        }
        String subtree = "no name to constrain; write e.g. example.org or 10.0.0.0/8";
        return order.names(requested)
                .names(alternatives())
                .flags(flags())
                .responders(said.values("--ocsp"))
                .constraints(
                        each("--nc-permitted", AltName::subtree, subtree),
                        each("--nc-excluded", AltName::subtree, subtree))
                .policies(policies());
    }

    private List<String> policies() throws Trouble {
        for (String oid : said.values("--cert-policy")) {
            try {
                DerWriter.oid(oid);
            } catch (IllegalArgumentException _) {
                throw Said.wrong(
                        "--cert-policy '" + oid + "' is no object identifier; write e.g. 1.3.6.1");
            }
        }
        return said.values("--cert-policy");
    }
}
