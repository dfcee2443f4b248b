package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.revocation.CertId;
import io.sallyport.creds.revocation.OcspRequest;
import io.sallyport.creds.x509.Certificates;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki ocsp`: shows a question, answers one, or answers all that come by HTTP.
final class OcspVerb implements CliVerb {
    private static final int MOST_MINUTES = 1_000_000;
    private static final int MOST_PORT = 65_535;
    private static final Duration LONG = Duration.ofHours(1);

    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "ocsp",
                                "Answer a question of OCSP, or show it",
                                "Without --respond or --listen the question is shown. Who is revoked is said by",
                                "--crl (what is on no list is good) or by the index of `openssl ca` (what is",
                                "not in it is unknown); both are read anew for each question.")
                        .option(
                                "-i --in",
                                "FILE",
                                "The question, DER. Otherwise the standard input.")
                        .flag("-r --respond", "Answer it.")
                        .option(
                                "--listen",
                                "[ADDRESS:]PORT",
                                "Answer all that come by HTTP, until Ctrl-C. ADDRESS is 127.0.0.1",
                                "otherwise.")
                        .option("-C --cacert", "FILE", "Certificate of the authority.")
                        .option("-k --key", "FILE", "Private key that signs the answer.")
                        .option(
                                "-c --cert",
                                "FILE",
                                "Certificate of that key, with the flag ocspSigning and issued by the",
                                "authority. Otherwise the authority's own.")
                        .options("--crl", "FILE", "A list of the authority. More than once.")
                        .option("--index", "FILE", "The index of `openssl ca`.")
                        .option(
                                "-l --lifetime",
                                "MINUTES",
                                "How long the answer is good. Otherwise newer news is always there.");
        Signing.how(sheet);
        Given.passphrase(sheet);
        return Made.file(sheet)
                .examples(
                        List.of(
                                "sallyport pki ocsp --in question.der",
                                "sallyport pki ocsp --respond --in question.der --cacert ca.pem \\",
                                "  --key ca.key.pem --crl ca.crl --out answer.der",
                                "sallyport pki ocsp --listen 192.0.2.1:8080 --cacert ca.pem \\",
                                "  --cert ocsp.pem --key ocsp.key.pem --crl ca.crl"),
                        Exit.NO,
                        Exit.NO_INPUT,
                        Exit.UNAVAILABLE,
                        Exit.CANNOT_CREATE);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Signing.check(said);
        Given given = new Given(said);
        String listen = said.value("--listen");
        if (listen != null) {
            return listen(responder(given), address(listen), console);
        }
        if (said.has("--respond")) {
            Responder responder = responder(given);
            return new Made(said).write(responder.answer(given.octets("--in")), false, false);
        }
        return show(given, console);
    }

    private static Responder responder(Given given) throws Trouble {
        Said said = given.said();
        if (said.values("--crl").isEmpty() && !said.has("--index")) {
            throw Said.wrong("say who is revoked, by --crl FILE or --index FILE");
        }
        X509Certificate authority = given.certificate("--cacert");
        String own = said.has("--cert") ? "--cert" : "--cacert";
        Signing signer = Signing.of(given, own, given.certificate(own), "--key");
        if (own.equals("--cert")) {
            delegated(given, signer.certificate(), authority);
        }
        int minutes = said.number("--lifetime", 0, MOST_MINUTES);
        return new Responder(
                given,
                authority,
                signer,
                minutes == 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(minutes)));
    }

    /// RFC 6960, 4.2.2.2: "This certificate MUST be issued directly by the CA that is identified in
    /// the request."
    private static void delegated(Given given, X509Certificate signer, X509Certificate authority)
            throws Trouble {
        if (!Certificates.isSignedBy(signer, authority)) {
            throw Given.unfit(
                    given.name("--cert"),
                    "the authority of --cacert did not issue it",
                    "make one: sallyport pki issue --flag ocspSigning");
        }
    }

    // ---- the question

    private static int show(Given given, Console console) throws Trouble {
        OcspRequest request;
        try {
            request = OcspRequest.parse(given.octets("--in"));
        } catch (BadDer e) {
            throw Given.unfit(
                    given.name("--in"),
                    "it is no question of OCSP: " + e.why(),
                    "one is made by `openssl ocsp -reqout FILE`");
        }
        PrintStream out = console.out();
        for (CertId id : request.about()) {
            out.println("  serial:          " + id.serial().toString(16));
            out.println("  issuerNameHash:  " + KeyIdVerb.pretty(id.nameHash()));
            out.println("  issuerKeyHash:   " + KeyIdVerb.pretty(id.keyHash()));
        }
        Octets nonce = request.nonce();
        if (!nonce.isEmpty()) {
            out.println("  nonce:           " + KeyIdVerb.pretty(nonce));
        }
        out.flush();
        return Exit.OK.code();
    }

    // ---- HTTP

    private static InetSocketAddress address(String text) throws Trouble {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        host =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        Optional<IpAddress> address = IpAddress.parse(host);
        if (!port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) > MOST_PORT
                || address.isEmpty()) {
            throw Said.wrong("--listen '" + text + "' is no [ADDRESS:]PORT, e.g. 192.0.2.1:8080");
        }
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(address.get().octets().toArray()),
                    Integer.parseInt(port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }

    private static int listen(Responder responder, InetSocketAddress at, Console console)
            throws Trouble {
        try (OcspDoor door = OcspDoor.open(responder, at)) {
            console.err().println("answers on port " + door.address().getPort());
            console.err().flush();
            while (console.time().pause(LONG)) {
                // until somebody ends us
            }
            return Exit.OK.code();
        } catch (IOException e) {
            throw new Trouble(
                    Exit.UNAVAILABLE,
                    "cannot listen on "
                            + at.getAddress().getHostAddress()
                            + " port "
                            + at.getPort()
                            + ": "
                            + e.getMessage(),
                    "name an address of this machine and a port that is free");
        }
    }
}
