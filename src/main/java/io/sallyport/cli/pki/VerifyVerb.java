package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.revocation.AnswerCache;
import io.sallyport.creds.revocation.RevocationDesk;
import io.sallyport.creds.revocation.Sources;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Known;
import io.sallyport.creds.x509.Objection;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.creds.x509.Way;
import io.sallyport.model.port.Entropy;
import io.sallyport.model.port.Fetcher;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.TrustSpec;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki verify`: whether a certificate would be believed, by the very code that a tunnel asks.
final class VerifyVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "verify",
                        "Tell whether a certificate is to be believed, and why",
                        "By the rules that a tunnel asks, RFC 5280: a way to a self-signed authority",
                        "of --cacert, times, names, path lengths, key usages. Nobody is asked over the",
                        "network: of revocation only the lists of --crl are looked at.")
                .option(
                        "-i --in",
                        "FILE",
                        "The certificate, and behind it those between it and the authority. Otherwise",
                        "the standard input.")
                .options("-c --cacert", "FILE", "An authority's certificate. More than once.")
                .options("-l --crl", "FILE", "A revocation list. More than once.")
                .examples(
                        List.of(
                                "sallyport pki verify --in moon.pem --cacert ca.pem",
                                "sallyport pki verify --in moon.pem --cacert ca.pem --crl ca.crl"),
                        Exit.NO,
                        Exit.NO_INPUT);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Given given = new Given(said);
        List<X509Certificate> all = given.certificatesIn();
        List<X509Certificate> authorities = new ArrayList<>();
        for (String file : said.values("--cacert")) {
            authorities.addAll(given.certificates(file));
        }
        X509Certificate one = all.getFirst();
        if (authorities.isEmpty() && Certificates.isSelfSigned(one)) {
            // As strongSwan's pki: its own signature is what is left to verify
            authorities.add(one);
        }
        List<X509CRL> lists = new ArrayList<>();
        for (String file : said.values("--crl")) {
            lists.add(given.list(file));
        }
        Instant now = console.time().now();
        Way way =
                new Way(
                        TrustSpec.ANY,
                        new OfFiles(authorities),
                        lists.isEmpty() ? RevocationCheck.NONE : desk(authorities, lists, now),
                        List.of(),
                        now);
        Optional<Objection> objection =
                way.trust(one, all.subList(1, all.size()), false, !Certificates.isAuthority(one));
        way.why().forEach(line -> console.out().println(Printable.of(line)));
        if (objection.isPresent()) {
            console.out().flush();
            throw new Trouble(
                    Exit.NO,
                    "not to be believed: " + Printable.of(objection.get().text()),
                    "the authority is named by --cacert, those between by --in or --cacert");
        }
        console.out().println("certificate trusted");
        console.out().flush();
        return Exit.OK.code();
    }

    /// The desk of a tunnel, without a network.
    private static RevocationCheck desk(
            List<X509Certificate> authorities, List<X509CRL> lists, Instant now) {
        return new RevocationDesk(
                Given.crypto(),
                Fetcher.NONE,
                new NoEntropy(),
                new OfLists(authorities, lists),
                new AnswerCache(),
                () -> now);
    }

    /// For questions that are never sent.
    private static final class NoEntropy implements Entropy {
        @Override
        public Octets octets(int count) {
            return Octets.owned(new byte[count]);
        }

        @Override
        public long below(long bound) {
            return 0;
        }
    }

    private record OfFiles(List<X509Certificate> authorities) implements Known {
        @Override
        public List<X509Certificate> peers() {
            return List.of();
        }

        @Override
        public List<PublicKey> keys() {
            return List.of();
        }

        @Override
        public Optional<X509Certificate> certificate(KeySource source) {
            return Optional.empty();
        }

        @Override
        public Optional<PublicKey> key(KeySource source) {
            return Optional.empty();
        }
    }

    private record OfLists(List<X509Certificate> authorities, List<X509CRL> lists)
            implements Sources {
        @Override
        public List<X509Certificate> responders() {
            return List.of();
        }

        @Override
        public Places places(X509Certificate authority) {
            return Places.NONE;
        }
    }
}
