package io.sallyport.cli.pki;

import io.sallyport.base.Secret;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.NewKey;
import io.sallyport.creds.pem.Keys;
import java.security.KeyPair;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki gen`: a private key.
final class GenVerb implements CliVerb {
    private static final int MOST_BITS = 16384;

    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "gen",
                                "Make a private key",
                                "The key is written as PKCS#8, to a file that only its owner reads.")
                        .option("-t --type", "TYPE", "rsa, ecdsa, ed25519 or ed448. Otherwise rsa.")
                        .option(
                                "-s --size",
                                "BITS",
                                "Of RSA 2048 to 16384, otherwise 2048; of ECDSA 256, 384 or 521,",
                                "otherwise 384.")
                        .option(
                                Given.PASSPHRASE,
                                "FILE",
                                "Encrypt the key by the first line of FILE (PBES2, AES-256).");
        return Made.options(sheet)
                .examples(
                        List.of(
                                "sallyport pki gen --out key.pem",
                                "sallyport pki gen --type ed25519 --outform pem > key.pem",
                                "sallyport pki gen --type ecdsa --passphrase-file secret --out ca.key.pem"),
                        Exit.NO_INPUT,
                        Exit.CANNOT_CREATE);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        String type = said.value("--type");
        try (Secret passphrase = new Given(said).passphrase()) {
            KeyPair pair =
                    NewKey.make(type == null ? "rsa" : type, said.number("--size", 0, MOST_BITS));
            return new Made(said).write(Keys.emit(pair.getPrivate(), passphrase), true);
        } catch (IllegalArgumentException e) {
            throw Said.wrong(String.valueOf(e.getMessage()));
        }
    }
}
