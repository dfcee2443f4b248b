package io.sallyport.cli.pki;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki`: verbs of its own. Asks no daemon.
public final class PkiVerb implements CliVerb {
    @Override
    public List<CliVerb> below() {
        return List.of(
                new GenVerb(),
                new SelfVerb(),
                new IssueVerb(),
                new ReqVerb(),
                new CrlVerb(),
                new OcspVerb(),
                new PrintVerb(),
                new PubVerb(),
                new KeyIdVerb(),
                new VerifyVerb());
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Sheet.of(
                                "pki",
                                "Make keys, certificates, revocation lists and OCSP answers",
                                "An authority in files. Options are spelt as those of strongSwan's pki where",
                                "they mean the same; files go to and from it and OpenSSL. What is read may be",
                                "PEM or DER. `sallyport pki VERB --help` tells the rest.")
                        .examples(
                                List.of(
                                        "sallyport pki gen --type ecdsa --out ca.key.pem",
                                        "sallyport pki self --ca --in ca.key.pem --dn 'O=Me, CN=CA' --out ca.pem",
                                        "sallyport pki print --in ca.pem"),
                                Exit.NO,
                                Exit.NO_INPUT,
                                Exit.CANNOT_CREATE);
        spec.usageMessage()
                .customSynopsis("sallyport pki VERB [OPTIONS]")
                .commandListHeading("%nVerbs:%n");
        return spec;
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        if (!result.hasSubcommand()) {
            throw new Trouble(
                    Exit.USAGE,
                    "pki wants one of "
                            + String.join(
                                    ", ", below().stream().map(v -> v.spec().name()).toList()),
                    "see `sallyport pki --help`");
        }
        ParseResult said = result.subcommand();
        for (CliVerb verb : below()) {
            if (verb.spec().name().equals(said.commandSpec().name())) {
                return verb.run(said, console);
            }
        }
        throw new IllegalArgumentException("no verb " + said.commandSpec().name());
    }
}
