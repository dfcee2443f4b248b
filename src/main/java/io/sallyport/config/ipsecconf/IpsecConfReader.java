package io.sallyport.config.ipsecconf;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.Unique;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An ipsec.conf in strongSwan's dialect, with all that it includes.
public final class IpsecConfReader {
    private IpsecConfReader() {}

    /// What an ipsec.conf says.
    ///
    /// @param conns those that are to be loaded and have no error; their links are those of their
    ///   updown lines
    /// @param authorities of its `ca` sections that are to be loaded
    public record Contents(List<LoweredConn> conns, List<AuthoritySpec> authorities) {
        public Contents {
            conns = List.copyOf(conns);
            authorities = List.copyOf(authorities);
        }
    }

    public static Contents read(SourceText text, Choices choices, Findings findings) {
        return read(text, choices, Unique.REPLACE, findings);
    }

    /// The same where `uniqueids` has another default than strongSwan's `yes`.
    public static Contents read(
            SourceText text, Choices choices, Unique uniqueIds, Findings findings) {
        ConfScanner scanner = new ConfScanner(findings);
        scanner.scan(text);
        Inheritance inheritance = Inheritance.ofConns(scanner, findings);
        IpsecD directory = new IpsecD(text);
        Setup setup = setup(Inheritance.setup(scanner, findings), uniqueIds, directory, findings);
        List<LoweredConn> lowered = new ArrayList<>();
        for (Conn conn : inheritance.all()) {
            if (conn.value("auto", "ignore").equals("ignore")) {
                if (!inheritance.isAlsoed(conn.name())) {
                    findings.note(
                            conn.at(),
                            "conn "
                                    + conn.name()
                                    + " is not loaded: auto=ignore"
                                    + (conn.get("auto").isEmpty() ? ", strongSwan's default" : ""));
                }
                continue;
            }
            Findings own = new Findings();
            Optional<LoweredConn> one = new ConnLowering(conn, setup, choices, own).lower();
            findings.addAll(own);
            if (one.isPresent() && !own.hasErrors()) {
                lowered.add(one.get());
            } else {
                findings.note(conn.at(), "conn " + conn.name() + " is left out: see its errors");
            }
        }
        return new Contents(lowered, Authorities.of(scanner, directory, findings));
    }

    /// A mark without an interface binds nothing.
    public static void tellLooseMarks(List<LoweredConn> conns, Findings findings) {
        for (LoweredConn conn : conns) {
            if (conn.mark() != 0 && conn.link() instanceof LinkSpec.Shared) {
                findings.warning(
                        conn.markAt(),
                        "mark "
                                + conn.mark()
                                + " binds no interface: an aws-updown.sh line as leftupdown= names"
                                + " one; conn "
                                + conn.name()
                                + " is policy-based");
            }
        }
    }

    /// What `config setup` says of every connection.
    ///
    /// @param directory where relative names of certificates are
    record Setup(Unique unique, TrustSpec.Revocation revocation, IpsecD directory) {}

    private static Setup setup(
            Map<String, Setting> settings, Unique uniqueIds, IpsecD directory, Findings findings) {
        Unique unique = uniqueIds;
        TrustSpec.Revocation revocation = TrustSpec.Revocation.RELAXED;
        for (Setting s : settings.values()) {
            Optional<Keyword> keyword = Keyword.find(Keyword.Place.SETUP, s.key());
            if (keyword.isEmpty() || s.value().isEmpty()) {
                continue;
            }
            if (keyword.get() == Keyword.UNIQUEIDS) {
                unique = unique(s, findings);
            } else if (keyword.get() == Keyword.STRICTCRLPOLICY) {
                revocation = revocation(s, findings);
            } else if (!keyword.get().isHarmless(s.value())) {
                findings.add(keyword.get().severity(), s.keyAt(), keyword.get().message(s.key()));
            }
        }
        return new Setup(unique, revocation, directory);
    }

    private static TrustSpec.Revocation revocation(Setting s, Findings findings) {
        return switch (s.value()) {
            case "yes" -> TrustSpec.Revocation.STRICT;
            case "ifuri" -> TrustSpec.Revocation.IFURI;
            case "no" -> TrustSpec.Revocation.RELAXED;
            default -> {
                findings.error(
                        s.at(),
                        "strictcrlpolicy: '"
                                + Values.shown(s.value())
                                + "' is not known; use yes, ifuri or no");
                yield TrustSpec.Revocation.STRICT;
            }
        };
    }

    private static Unique unique(Setting s, Findings findings) {
        switch (s.value()) {
            case "yes", "replace" -> {
                return Unique.REPLACE;
            }
            case "no" -> {
                return Unique.NO;
            }
            case "never" -> {
                return Unique.NEVER;
            }
            case "keep" -> {
                findings.warning(
                        s.at(), "uniqueids=keep is not supported; it is taken as uniqueids=no");
                return Unique.KEEP;
            }
            default -> {
                findings.error(
                        s.at(),
                        "uniqueids: '"
                                + Values.shown(s.value())
                                + "' is not known; use yes, no, never, replace or keep");
                return Unique.REPLACE;
            }
        }
    }
}
