package io.sallyport.config.ipsecconf;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Selectors;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.RouteSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// AWS's `aws-updown.sh` line (S3-40), understood instead of run: interface name, inside addresses,
/// mark, routes.
public final class UpdownLine {
    /// What AWS's script gives its interfaces (S3-32).
    public static final int MTU = 1419;

    /// What stands in AWS's text where the VPC's network is wanted.
    public static final String VPC_SLOT = "<VPC CIDR>";

    private static final int LONGEST_NAME = 15; // IFNAMSIZ less the closing zero
    private static final Pattern WORD = Pattern.compile("<VPC CIDR>|[^ \t]+");
    private static final Map<String, Option> OPTIONS =
            Map.ofEntries(
                    Map.entry("-ln", Option.NAME),
                    Map.entry("--link-name", Option.NAME),
                    Map.entry("-ll", Option.LOCAL),
                    Map.entry("--link-local", Option.LOCAL),
                    Map.entry("-lr", Option.REMOTE),
                    Map.entry("--link-remote", Option.REMOTE),
                    Map.entry("-m", Option.MARK),
                    Map.entry("--mark", Option.MARK),
                    Map.entry("-r", Option.ROUTES),
                    Map.entry("--static-route", Option.ROUTES),
                    Map.entry("--mtu", Option.MTU));

    private enum Option {
        NAME("-ln"),
        LOCAL("-ll"),
        REMOTE("-lr"),
        MARK("-m"),
        ROUTES("-r"),
        MTU("--mtu");

        private final String word;

        Option(String word) {
            this.word = word;
        }
    }

    private record Argument(String text, Position at) {}

    private final Map<Option, Argument> given = new HashMap<>();
    private final Position at;

    private UpdownLine(Position at) {
        this.at = at;
    }

    /// Whether a `leftupdown` value calls AWS's script.
    public static boolean isAws(String value) {
        String script = value.strip().split("[ \t]", 2)[0];
        return script.endsWith("aws-updown.sh");
    }

    /// A line that describes `link`. `--mtu` is ours, and only there where AWS's script would take
    /// another one.
    public static String text(LinkSpec.Tunnel link) {
        StringBuilder line = new StringBuilder("aws-updown.sh -ln ").append(link.name());
        link.inside().stream().findFirst().ifPresent(a -> line.append(" -ll ").append(a));
        link.remoteInside().stream().findFirst().ifPresent(a -> line.append(" -lr ").append(a));
        line.append(" -m ").append(link.mark());
        if (!link.routes().isEmpty()) {
            line.append(" -r ");
            String routes =
                    String.join(
                            ",",
                            link.routes().stream().map(r -> r.destination().toString()).toList());
            line.append(routes);
        }
        if (link.mtu() != MTU) {
            line.append(" --mtu ").append(link.mtu());
        }
        return line.toString();
    }

    /// The link that the line describes; empty after an error.
    ///
    /// @param mark the connection's own mark, which must be the same; 0: none
    public static Optional<LinkSpec.Tunnel> link(
            Setting updown, int mark, Choices choices, Findings findings) {
        UpdownLine line = new UpdownLine(updown.at());
        line.options(updown.value(), findings);
        return line.link(mark, choices, findings);
    }

    /// As the script does: pairs of option and value, an unknown word is told and passed over.
    private void options(String value, Findings findings) {
        List<Argument> words = new ArrayList<>();
        Matcher m = WORD.matcher(value);
        while (m.find()) {
            words.add(new Argument(m.group(), at.right(m.start())));
        }
        for (int i = 1; i < words.size(); i++) {
            Argument word = words.get(i);
            Option option = OPTIONS.get(word.text);
            if (option == null) {
                findings.warning(word.at, "Unknown argument \"" + Values.shown(word.text) + "\"");
            } else if (i + 1 == words.size()) {
                findings.error(word.at, word.text + " needs a value behind it");
            } else {
                given.put(option, words.get(++i));
            }
        }
    }

    private Optional<LinkSpec.Tunnel> link(int mark, Choices choices, Findings findings) {
        Optional<String> name = name(findings);
        Optional<InsideAddress> local = address(Option.LOCAL, findings);
        Optional<InsideAddress> remote = address(Option.REMOTE, findings);
        OptionalInt number = mark(mark, findings);
        if (name.isEmpty() || local.isEmpty() || remote.isEmpty() || number.isEmpty()) {
            return Optional.empty();
        }
        int mtu = mtu(findings);
        return routes(number.getAsInt(), choices, findings)
                .map(routes ->
                        new LinkSpec.Tunnel(
                                name.get(),
                                List.of(local.get()),
                                List.of(remote.get()),
                                mtu,
                                number.getAsInt(),
                                routes));
    }

    private Optional<String> name(Findings findings) {
        return argument(Option.NAME, findings)
                .filter(name -> isInterfaceName(name.text, name.at, findings))
                .map(Argument::text);
    }

    /// What Linux takes as a name: 1 to 15 octets, no blank, no slash.
    public static boolean isInterfaceName(String name, Position at, Findings findings) {
        if (name.matches("[A-Za-z0-9_.@-]{1," + LONGEST_NAME + "}") && !name.matches("\\.{1,2}")) {
            return true;
        }
        findings.error(
                at,
                "'"
                        + Values.shown(name)
                        + "' is no interface name: at most 15 letters, digits, '-', '_' or '.'");
        return false;
    }

    private Optional<InsideAddress> address(Option option, Findings findings) {
        Optional<Argument> argument = argument(option, findings);
        Optional<InsideAddress> address = argument.flatMap(a -> InsideAddress.parse(a.text));
        if (argument.isPresent() && address.isEmpty()) {
            findings.error(
                    argument.get().at,
                    option.word
                            + ": '"
                            + Values.shown(argument.get().text)
                            + "' is no address; write e.g. 169.254.23.6/30");
        }
        return address;
    }

    private int mtu(Findings findings) {
        Argument said = given.get(Option.MTU);
        if (said == null) {
            return MTU;
        }
        if (said.text.matches("[0-9]{1,5}") && Integer.parseInt(said.text) <= 0xffff) {
            return Integer.parseInt(said.text);
        }
        findings.error(said.at, "--mtu: '" + Values.shown(said.text) + "' is no MTU");
        return MTU;
    }

    /// S3-21: the integer after -m is the connection's mark.
    private OptionalInt mark(int mark, Findings findings) {
        Optional<Argument> argument = argument(Option.MARK, findings);
        if (argument.isEmpty()) {
            return OptionalInt.empty();
        }
        Argument a = argument.get();
        OptionalInt number = Marks.parse(new Setting("-m", a.text, a.at, a.at), findings);
        if (number.isPresent() && mark != 0 && number.getAsInt() != mark) {
            findings.error(
                    a.at, "-m " + number.getAsInt() + " is not the connection's mark " + mark);
            return OptionalInt.empty();
        }
        if (number.isPresent() && mark == 0) {
            findings.warning(
                    a.at,
                    "the connection has no mark=; the interface takes -m " + number.getAsInt());
        }
        return number;
    }

    /// S3-40: a comma-separated list; S3-42: the metric is the mark.
    private Optional<List<RouteSpec>> routes(int mark, Choices choices, Findings findings) {
        Argument list = given.getOrDefault(Option.ROUTES, new Argument(VPC_SLOT, at));
        List<RouteSpec> routes = new ArrayList<>();
        if (list.text.equals(VPC_SLOT)) {
            if (choices.vpc().isEmpty()) {
                findings.note(
                        list.at,
                        "no route leads through this tunnel yet: write the VPC's CIDR behind -r, or"
                                + " give it with --vpc CIDR");
            }
            choices.vpc().forEach(p -> routes.add(new RouteSpec(p, mark)));
            return Optional.of(routes);
        }
        int column = 0;
        for (String item : list.text.split(",", -1)) {
            Optional<IpPrefix> prefix =
                    Selectors.prefix(item, list.at.right(column), "-r", findings);
            if (prefix.isEmpty()) {
                return Optional.empty();
            }
            routes.add(new RouteSpec(prefix.get(), mark));
            column += item.length() + 1;
        }
        return Optional.of(routes);
    }

    private Optional<Argument> argument(Option option, Findings findings) {
        Optional<Argument> argument = Optional.ofNullable(given.get(option));
        if (argument.isEmpty()) {
            findings.error(at, "aws-updown.sh needs " + option.word);
        }
        return argument;
    }
}
