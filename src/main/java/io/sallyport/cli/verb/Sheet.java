package io.sallyport.cli.verb;

import io.sallyport.control.local.Exit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// A verb's help and options, all in one form. Built by hand, not by annotations: nothing is looked
/// up by reflection when a verb starts.
public final class Sheet {
    private static final String NAMES_HEADING = "%nOptions:%n";

    private final CommandSpec spec;

    private Sheet(CommandSpec spec) {
        this.spec = spec;
    }

    /// @param header one line without a full stop
    /// @param description becomes one paragraph, as do those of options and arguments
    public static Sheet of(String name, String header, String... description) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage()
                .header(header)
                .description(paragraph(description))
                .synopsisHeading("Usage: ")
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading(NAMES_HEADING)
                .width(80)
                .sortOptions(false);
        return new Sheet(spec);
    }

    private static String[] paragraph(String... lines) {
        return lines.length == 0 ? lines : new String[] {String.join(" ", lines)};
    }

    public Sheet flag(String names, String... description) {
        return option(names, "", description);
    }

    /// @param names separated by a blank
    /// @param label of the value; empty: a flag
    public Sheet option(String names, String label, String... description) {
        OptionSpec.Builder option =
                OptionSpec.builder(names.split(" ")).description(paragraph(description));
        if (label.isEmpty()) {
            option.arity("0").type(boolean.class);
        } else {
            option.arity("1").type(String.class).paramLabel(label);
        }
        spec.addOption(option.build());
        return this;
    }

    /// An option that may be given more than once.
    public Sheet options(String names, String label, String... description) {
        spec.addOption(
                OptionSpec.builder(names.split(" "))
                        .description(paragraph(description))
                        .arity("1")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(label)
                        .build());
        return this;
    }

    /// An option whose value may be left out.
    Sheet optionWithFallback(String names, String label, String fallback, String... description) {
        spec.addOption(
                OptionSpec.builder(names.split(" "))
                        .description(paragraph(description))
                        .arity("0..1")
                        .fallbackValue(fallback)
                        .type(String.class)
                        .paramLabel(label)
                        .build());
        return this;
    }

    /// The arguments, all in one list.
    ///
    /// @param arity e.g. `1..*`
    Sheet arguments(String arity, String label, String... description) {
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity(arity)
                        .required(!arity.startsWith("0"))
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(label)
                        .description(paragraph(description))
                        .build());
        return this;
    }

    Sheet socket() {
        // In lines of its own: a path must not be cut.
        spec.addOption(
                OptionSpec.builder("--socket")
                        .arity("1")
                        .type(String.class)
                        .paramLabel("PATH")
                        .description(
                                "Control socket of the daemon; if not given",
                                "$SALLYPORT_SOCKET, or else",
                                "/run/sallyport/control.sock.",
                                "Daemons in several network namespaces of a host",
                                "have one each.")
                        .build());
        return this;
    }

    /// What AWS's files leave open.
    Sheet site() {
        options(
                "--vpc",
                "CIDR[,CIDR...]",
                "Network behind the tunnels, e.g. 10.0.0.0/16: becomes a route through each",
                "tunnel whose file leaves the VPC's CIDR open. May be given more than once.");
        option(
                "--local",
                "ADDRESS",
                "Our own address, where a file says %%defaultroute. Otherwise the address",
                "that the route to the peer chooses.");
        return flag(
                "--behind-nat",
                "A NAT stands before us: ESP goes in UDP even where no NAT is seen.");
    }

    /// How a daemon runs.
    Sheet gateway() {
        site();
        socket();
        stateDirectory();
        option(
                "--export-keys",
                "FILE",
                "Append the keys of every SA to FILE, in the form that Wireshark takes. For",
                "finding faults: whoever has FILE reads the traffic. Off by default.");
        option(
                "--backend",
                "PLANE",
                "Who carries the packets: userspace (our own data plane), kernel (its XFRM), or",
                "auto: the kernel if it takes an SA on trial. Otherwise userspace.");
        flag(
                "--keep-guards",
                "What keeps protected packets from passing in clear stays in the system when a",
                "signal ends the daemon, so that a restart leaves no gap. `sallyport down` takes",
                "it out. Otherwise it goes at the end, and stays only after a crash.");
        flag(
                "--without-filter",
                "Lets packets come in in clear that policy protects: nf_tables are left alone.",
                "For a kernel without them, where the daemon does not start otherwise.");
        option(
                "--workers",
                "N",
                "Threads that seal packets, and as many that open them, 1 to 16. Otherwise 1.",
                "With more the peers should have replay windows of some hundred packets.");
        option(
                "--tcp-port",
                "PORT",
                "Peers may open TCP connections to this port, and send IKE and ESP in them (RFC",
                "9329); 4500 is the usual one. Otherwise they cannot. Not with the kernel's XFRM.");
        option(
                "--vici",
                "PATH|off",
                "Where swanctl and other vici clients are served. Otherwise /run/charon.vici,",
                "unless another daemon serves them there.");
        return option("--log-level", "LEVEL", "error, warn, info or debug. Otherwise info.");
    }

    Sheet stateDirectory() {
        return option(
                "--state-dir",
                "PATH",
                "Where the daemon writes down what it put into the system, so that it can be",
                "removed even after a kill -9. Otherwise the directory of the socket.");
    }

    /// Ends the sheet.
    ///
    /// @param exits that this verb may have besides 0, 64 and 70
    public CommandSpec examples(List<String> examples, Exit... exits) {
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .arity("0")
                        .description("Show this help.")
                        .build());
        List<String> footer = new ArrayList<>();
        footer.add("Examples:");
        examples.forEach(example -> footer.add("  " + example.replace("%", "%%")));
        spec.usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes(exits))
                .footerHeading("%n")
                .footer(footer.toArray(String[]::new));
        return spec;
    }

    private static Map<String, String> exitCodes(Exit... exits) {
        Map<String, String> codes = new LinkedHashMap<>();
        List<Exit> listed = List.of(exits);
        for (Exit exit : Exit.values()) {
            if (exit == Exit.OK || exit == Exit.USAGE || listed.contains(exit)) {
                codes.put(Integer.toString(exit.code()), exit.meaning());
            }
        }
        return codes;
    }
}
