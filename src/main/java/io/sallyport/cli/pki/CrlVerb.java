package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.ListOrder;
import io.sallyport.creds.issue.ListOrder.Revoked;
import io.sallyport.creds.pem.Pem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki crl`: a revocation list, complete or a delta.
final class CrlVerb implements CliVerb {
    private static final int DAYS = 15;

    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                        "crl",
                        "Make a revocation list that an authority signs",
                        "Each list needs the one before it (--lastcrl): its entries and its number are",
                        "taken on. Order counts: --reason and --date are about the next --cert or",
                        "--serial only. A certificate on hold comes off the list with --reason",
                        "remove-from-crl.");
        Signing.authority(sheet)
                .option("-a --lastcrl", "FILE", "The list before this one.")
                .option(
                        "-b --basecrl",
                        "FILE",
                        "Make a delta list: what changed since the complete list FILE.")
                .options("-u --crluri", "URI", "Where its delta lists are. More than once.")
                .options("-z --cert", "FILE", "A certificate to revoke. More than once.")
                .options("-s --serial", "HEX", "A serial number to revoke. More than once.")
                .options(
                        "-r --reason",
                        "WORD",
                        "Why: key-compromise, ca-compromise, affiliation-changed, superseded,",
                        "cessation-of-operation, certificate-hold, privilege-withdrawn,",
                        "aa-compromise or remove-from-crl.")
                .options(
                        "-d --date",
                        "TIME",
                        "Since when, otherwise now: seconds since 1970, " + Dates.FORMS)
                .option("-l --lifetime", "DAYS", "When the next list comes. Otherwise 15 days.")
                .option("-F --this-update", "TIME", "When it is made, otherwise now.")
                .option("-T --next-update", "TIME", "When the next comes, instead of --lifetime.");
        Signing.how(sheet);
        Given.passphrase(sheet);
        CommandSpec spec =
                Made.options(sheet)
                        .examples(
                                List.of(
                                        "sallyport pki crl --cacert ca.pem --cakey ca.key.pem --out ca.crl",
                                        "sallyport pki crl --cacert ca.pem --cakey ca.key.pem --lastcrl ca.crl \\",
                                        "  --reason key-compromise --cert moon.pem --out ca2.crl"),
                                Exit.NO,
                                Exit.NO_INPUT,
                                Exit.CANNOT_CREATE);
        // as strongSwan's pki calls it
        return spec.aliases("signcrl");
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Signing.check(said);
        Given given = new Given(said);
        Signing authority = Signing.authority(given);
        authority.mayDo(Signing.CRL_SIGN, "to sign lists", given.name("--cacert"));
        Dates dates = Dates.of(said, "--this-update", "--next-update", DAYS);
        Optional<X509CRL> last = list(given, authority, "--lastcrl");
        Optional<X509CRL> base = list(given, authority, "--basecrl");
        Map<BigInteger, Revoked> entries = entries(last.isPresent() ? last : base);
        for (Revoked one : Revocations.of(given, dates.from())) {
            if (one.reason() != Revocations.REMOVE) {
                entries.put(one.serial(), one);
                continue;
            }
            Revoked before = entries.remove(one.serial());
            if (before == null || before.reason() != Revocations.HOLD) {
                throw new Trouble(
                        Exit.NO,
                        "serial " + one.serial().toString(16) + " is not on hold",
                        "only what was revoked with --reason certificate-hold comes off a list");
            }
        }
        Map<BigInteger, Revoked> listed =
                base.isEmpty() ? entries : since(entries(base), entries, dates.from());
        ListOrder order =
                new ListOrder(
                        number(last).max(number(base)).add(BigInteger.ONE),
                        base.map(b -> number(Optional.of(b))),
                        dates.from(),
                        dates.until(),
                        List.copyOf(listed.values()),
                        said.values("--crluri"),
                        Optional.empty());
        X509CRL made =
                Signing.signed(() -> order.signedBy(authority.certificate(), authority.seal()));
        try {
            return new Made(said)
                    .write(new Pem("X509 CRL", Octets.owned(made.getEncoded())), false);
        } catch (CRLException e) {
            throw new IllegalStateException("a list that was parsed has no octets", e);
        }
    }

    /// A list that this authority signed.
    private static Optional<X509CRL> list(Given given, Signing authority, String option)
            throws Trouble {
        String file = given.said().value(option);
        if (file == null) {
            return Optional.empty();
        }
        X509CRL list = given.list(file);
        try {
            list.verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            throw Given.unfit(
                    file, "another key than this authority's signed it", "name its own list");
        }
        return Optional.of(list);
    }

    private static BigInteger number(Optional<X509CRL> list) {
        return list.flatMap(ListOrder::number).orElse(BigInteger.ZERO);
    }

    private static Map<BigInteger, Revoked> entries(Optional<X509CRL> list) {
        Map<BigInteger, Revoked> all = new LinkedHashMap<>();
        if (list.isPresent()) {
            ListOrder.of(list.get()).forEach(one -> all.put(one.serial(), one));
        }
        return all;
    }

    /// What a delta says: what came since, and what came off.
    private static Map<BigInteger, Revoked> since(
            Map<BigInteger, Revoked> base, Map<BigInteger, Revoked> entries, Instant now) {
        Map<BigInteger, Revoked> changed = new LinkedHashMap<>(entries);
        base.forEach((serial, before) -> {
            Revoked after = entries.get(serial);
            if (after == null) {
                changed.put(serial, new Revoked(serial, now, Revocations.REMOVE));
            } else if (after.reason() == before.reason()) {
                changed.remove(serial);
            }
        });
        return changed;
    }
}
