package io.sallyport.cli.pki;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki`: verbs of its own. Asks no daemon.
public final class PkiVerb implements CliVerb {
    private final Map<String, CliVerb> verbs = new LinkedHashMap<>();

    public PkiVerb() {
        for (CliVerb verb :
                List.of(
                        new GenVerb(),
                        new SelfVerb(),
                        new IssueVerb(),
                        new ReqVerb(),
                        new CrlVerb(),
                        new OcspVerb(),
                        new PrintVerb(),
                        new PubVerb(),
                        new KeyIdVerb(),
                        new VerifyVerb())) {
            verbs.put(verb.spec().name(), verb);
        }
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
        verbs.forEach((name, verb) -> spec.addSubcommand(name, new CommandLine(verb.spec())));
        return spec;
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        if (!result.hasSubcommand()) {
            throw new Trouble(
                    Exit.USAGE,
                    "pki wants one of " + String.join(", ", verbs.keySet()),
                    "see `sallyport pki --help`");
        }
        ParseResult said = result.subcommand();
        CliVerb verb = verbs.get(said.commandSpec().name());
        if (verb == null) {
            throw new IllegalArgumentException("no verb " + said.commandSpec().name());
        }
        return verb.run(said, console);
    }
}
