package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.x509.Certificates;
import java.io.PrintStream;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki keyid`: the two identifiers of a key.
final class KeyIdVerb implements CliVerb {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "keyid",
                                "Print the identifiers of a key, certificate or request",
                                "SHA-1 over the SubjectPublicKeyInfo (spki, as in a CERTREQ of IKE) and over the",
                                "bits of the key alone (spk, a certificate's subjectKeyIdentifier).")
                        .option("-i --in", "FILE", "Where from. Otherwise the standard input.")
                        .option(
                                "-t --type",
                                "TYPE",
                                "priv, rsa, ecdsa, ed25519, ed448, pub, pkcs10 or x509.")
                        .option("-I --id", "WHICH", "all, spk or spki. Otherwise all.")
                        .option(
                                "-f --format",
                                "FORM",
                                "pretty, hex, base64 or bin. Otherwise pretty.");
        return Given.passphrase(sheet)
                .examples(
                        List.of(
                                "sallyport pki keyid --in key.pem",
                                "sallyport pki keyid --in moon.pem --id spk --format hex"),
                        Exit.NO_INPUT);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        String which = one(said, "--id", "all", List.of("all", "spk", "spki"));
        String form = one(said, "--format", "pretty", List.of("pretty", "hex", "base64", "bin"));
        Given given = new Given(said);
        PublicKey key = given.publicKey(given.in());
        PrintStream out = console.out();
        if (form.equals("pretty") && which.equals("all")) {
            out.println(Certificates.text(key));
            out.println("  subjkey (spk):  " + pretty(Certificates.subjectKeyId(key)));
            out.println("  keyid (spki):   " + pretty(Certificates.keyId(key)));
        } else {
            if (!which.equals("spki")) {
                id(out, form, Certificates.subjectKeyId(key));
            }
            if (!which.equals("spk")) {
                id(out, form, Certificates.keyId(key));
            }
        }
        out.flush();
        return Exit.OK.code();
    }

    private static String one(Said said, String option, String unsaid, List<String> words)
            throws Trouble {
        String word = said.value(option);
        if (word != null && !words.contains(word)) {
            throw Said.wrong(option + " '" + word + "' is none of " + String.join(", ", words));
        }
        return word == null ? unsaid : word;
    }

    private static void id(PrintStream out, String form, Octets id) {
        switch (form) {
            case "hex" -> out.println(id.hex());
            case "base64" -> out.println(Base64.getEncoder().encodeToString(id.toArray()));
            case "bin" -> out.writeBytes(id.toArray());
            default -> out.println(pretty(id));
        }
    }

    static String pretty(Octets id) {
        return COLONS.formatHex(id.toArray());
    }
}
