package io.sallyport.cli.pki;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.pem.Credential;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki print`: what is in a file, for a person.
final class PrintVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "print",
                                "Show a certificate, revocation list, key or request",
                                "What it is is found out. Of a private key only the public half is shown.")
                        .option("-i --in", "FILE", "What to show. Otherwise the standard input.")
                        .option(
                                "-t --type",
                                "TYPE",
                                "x509, crl, pkcs10, pub, priv, rsa, ecdsa, ed25519 or ed448.");
        return Given.passphrase(sheet)
                .examples(
                        List.of(
                                "sallyport pki print --in moon.pem",
                                "sallyport pki print < moon.csr"),
                        Exit.NO_INPUT);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Given given = new Given(new Said(result, console));
        Portrait portrait = new Portrait(console.time().now());
        switch (given.in()) {
            case Credential.Certificate(var x509) -> portrait.certificate(x509);
            case Credential.RevocationList(var list) -> portrait.list(list);
            case Credential.PublicKey(var key) -> portrait.key("pubkey", key);
            case Credential.KeyPair(var pair) -> portrait.key("privkey", pair.getPublic());
            case Credential.Request(var der) -> portrait.request(given.request(der));
        }
        console.out().print(portrait);
        console.out().flush();
        return Exit.OK.code();
    }
}
