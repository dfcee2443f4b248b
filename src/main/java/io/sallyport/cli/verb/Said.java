package io.sallyport.cli.verb;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.cli.console.Console;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.RunRequest.Backend;
import io.sallyport.control.local.RunRequest.LogLevel;
import io.sallyport.control.local.Site;
import io.sallyport.control.local.Trouble;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/// What a person said, option by option, with the types the verbs want.
public record Said(ParseResult result, Console console) {
    public boolean has(String option) {
        return result.hasMatchedOption(option);
    }

    List<String> arguments() {
        List<String> arguments = result.matchedPositionalValue(0, List.<String>of());
        return arguments == null ? List.of() : arguments;
    }

    /// The arguments as IP addresses.
    List<String> addresses() throws Trouble {
        for (String argument : arguments()) {
            if (IpAddress.parse(argument).isEmpty()) {
                throw wrong("'" + argument + "' is no IP address");
            }
        }
        return arguments();
    }

    public @Nullable String value(String option) {
        return result.matchedOptionValue(option, (String) null);
    }

    public List<String> values(String option) {
        List<String> values = result.matchedOptionValue(option, List.<String>of());
        return values == null ? List.of() : values;
    }

    /// @param most allowed
    public int number(String option, int unsaid, int most) throws Trouble {
        String text = value(option);
        if (text == null) {
            return unsaid;
        }
        if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw wrong(option + " '" + text + "' is no number from 0 to " + most);
    }

    public static Trouble wrong(String what) {
        return new Trouble(Exit.USAGE, what, "");
    }

    Path socket() {
        String said = value("--socket");
        if (said == null) {
            String inherited = console.environment().getOrDefault("SALLYPORT_SOCKET", "");
            return inherited.isEmpty() ? ControlClient.DEFAULT_SOCKET : absolute(inherited);
        }
        return absolute(said);
    }

    /// Beside the socket unless said otherwise, so that daemons with sockets of their own have
    /// states of their own.
    Path stateDirectory() {
        String said = value("--state-dir");
        Path folder = socket().getParent();
        return said != null || folder == null ? absolute(said == null ? "." : said) : folder;
    }

    public static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    Site site() throws Trouble {
        List<IpPrefix> vpcs = new ArrayList<>();
        for (String list : values("--vpc")) {
            for (String item : list.split(",", -1)) {
                vpcs.add(
                        IpPrefix.parse(item.strip())
                                .orElseThrow(() -> wrong(noNetwork(item.strip()))));
            }
        }
        String local = value("--local");
        IpAddress address =
                local == null
                        ? null
                        : IpAddress.parse(local)
                                .orElseThrow(
                                        () -> wrong("--local '" + local + "' is no IP address"));
        return new Site(vpcs, address, has("--behind-nat"));
    }

    /// Host bits are the usual slip, and the network they belong to is what was meant.
    private static String noNetwork(String text) {
        String what = "--vpc '" + text + "' is no network";
        int slash = text.indexOf('/');
        if (slash > 0 && text.substring(slash + 1).matches("[0-9]{1,3}")) {
            int length = Integer.parseInt(text.substring(slash + 1));
            IpAddress address = IpAddress.parse(text.substring(0, slash)).orElse(null);
            if (address != null && length <= address.bits()) {
                return what + "; did you mean " + IpPrefix.containing(address, length) + "?";
            }
        }
        return what + "; write e.g. 10.0.0.0/16";
    }

    /// Files that can be read, as absolute paths.
    static List<Path> files(List<String> names) throws Trouble {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path file = absolute(name);
            String why = unreadable(file);
            if (!why.isEmpty()) {
                throw new Trouble(
                        Exit.NO_INPUT,
                        "cannot read " + name + ": " + why,
                        "give the file that AWS offers for download, or an ipsec.conf");
            }
            files.add(file);
        }
        return files;
    }

    /// Why a file cannot be read; empty if it can.
    public static String unreadable(Path file) {
        try {
            if (Files.readAttributes(file, BasicFileAttributes.class).isDirectory()) {
                return "it is a directory";
            }
            return Files.isReadable(file) ? "" : "permission denied";
        } catch (NoSuchFileException _) {
            return "no such file";
        } catch (AccessDeniedException _) {
            return "permission denied";
        } catch (FileSystemException e) {
            return String.valueOf(e.getReason());
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    <E extends Enum<E>> E word(String option, E unsaid, Class<E> words) throws Trouble {
        String text = value(option);
        if (text == null) {
            return unsaid;
        }
        List<String> known = new ArrayList<>();
        for (E word : words.getEnumConstants()) {
            String name = word.name().toLowerCase(Locale.ROOT);
            if (name.equals(text.toLowerCase(Locale.ROOT))) {
                return word;
            }
            known.add(name);
        }
        throw wrong(option + " '" + text + "' is none of " + String.join(", ", known));
    }

    ControlClient daemon() throws Trouble {
        return ControlClient.connect(socket());
    }

    RunRequest runRequest(List<Path> files) throws Trouble {
        String keys = value("--export-keys");
        return new RunRequest(
                new LoadRequest(files, site()),
                socket(),
                stateDirectory(),
                word("--log-level", LogLevel.INFO, LogLevel.class),
                word("--backend", Backend.USERSPACE, Backend.class),
                new RunRequest.Guards(has("--keep-guards"), !has("--without-filter")),
                workers(),
                tcpPort(),
                keys == null ? null : absolute(keys),
                vici());
    }

    private int workers() throws Trouble {
        String said = value("--workers");
        if (said == null) {
            return RunRequest.USUAL_WORKERS;
        }
        if (!said.matches("[1-9][0-9]?") || Integer.parseInt(said) > RunRequest.MOST_WORKERS) {
            throw wrong(
                    "--workers '" + said + "' is no number from 1 to " + RunRequest.MOST_WORKERS);
        }
        return Integer.parseInt(said);
    }

    private int tcpPort() throws Trouble {
        String said = value("--tcp-port");
        if (said == null) {
            return 0;
        }
        if (!said.matches("[1-9][0-9]{0,4}") || Integer.parseInt(said) > 65535) {
            throw wrong("--tcp-port '" + said + "' is no port");
        }
        return Integer.parseInt(said);
    }

    private RunRequest.Vici vici() {
        String said = value("--vici");
        if (said == null) {
            return new RunRequest.Vici.Usual();
        }
        return said.equals("off")
                ? new RunRequest.Vici.Off()
                : new RunRequest.Vici.At(absolute(said));
    }
}
