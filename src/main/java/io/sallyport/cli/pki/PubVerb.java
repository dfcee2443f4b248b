package io.sallyport.cli.pki;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.pem.Keys;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki pub`: the public key out of something.
final class PubVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "pub",
                                "Take the public key out of a key, certificate or request",
                                "It is written as a SubjectPublicKeyInfo, e.g. for `pubkeys` in swanctl.conf.")
                        .option("-i --in", "FILE", "Where from. Otherwise the standard input.")
                        .option(
                                "-t --type",
                                "TYPE",
                                "priv, rsa, ecdsa, ed25519, ed448, pub, pkcs10 or x509.");
        Given.passphrase(sheet);
        return Made.options(sheet)
                .examples(
                        List.of("sallyport pki pub --in key.pem --out pub.pem"),
                        Exit.NO_INPUT,
                        Exit.CANNOT_CREATE);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Given given = new Given(said);
        return new Made(said).write(Keys.emit(given.publicKey(given.in())), false);
    }
}
