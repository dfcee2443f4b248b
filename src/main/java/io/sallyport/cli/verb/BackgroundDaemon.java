package io.sallyport.cli.verb;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.cli.console.Console;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Site;
import io.sallyport.control.local.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Starts `sallyport run` in a session of its own and waits until it answers.
final class BackgroundDaemon {
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BackgroundDaemon() {}

    /// @throws Trouble what the daemon itself said if it ended instead of answering
    static ControlClient start(RunRequest request, Console console) throws Trouble {
        Path log = request.stateDirectory().resolve("daemon.log");
        try {
            Files.createDirectories(
                    request.stateDirectory(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            long before = Files.exists(log) ? Files.size(log) : 0;
            Process process = console.daemons().start(arguments(request), log);
            return await(request, process, log, before, console);
        } catch (AccessDeniedException _) {
            throw new Trouble(
                    Exit.NOT_PERMITTED,
                    "no permission to write " + log,
                    "run as root, or give a directory of your own with --state-dir");
        } catch (IOException e) {
            throw new Trouble(Exit.CANNOT_CREATE, "cannot start the daemon: " + e.getMessage(), "");
        }
    }

    private static ControlClient await(
            RunRequest request, Process process, Path log, long before, Console console)
            throws Trouble, IOException {
        long begin = console.time().nanos();
        while (true) {
            // Asked before the socket: a daemon that answers and ends at once is still an answer.
            boolean alive = process.isAlive();
            try {
                return ControlClient.connect(request.socket());
            } catch (Trouble trouble) {
                if (trouble.exit() != Exit.UNAVAILABLE) {
                    throw trouble;
                }
            }
            if (!alive) {
                throw ended(process.exitValue(), log, before);
            }
            boolean over = console.time().nanos() - begin >= PATIENCE.toNanos();
            if (over || !console.time().pause(STEP)) {
                throw new Trouble(
                        Exit.LATER,
                        "the daemon was started as pid "
                                + process.pid()
                                + " and does not answer on "
                                + request.socket(),
                        "see " + log);
            }
        }
    }

    /// A daemon tells its trouble as we do, last.
    private static Trouble ended(int code, Path log, long before) throws IOException {
        byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
        int from = (int) Math.min(before, all.length);
        String said = new String(Arrays.copyOfRange(all, from, all.length), StandardCharsets.UTF_8);
        List<String> lines = said.lines().toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("sallyport: ")) {
                String next = i + 1 < lines.size() ? lines.get(i + 1).strip() : "";
                return new Trouble(
                        Exit.of(code), lines.get(i).substring("sallyport: ".length()), next);
            }
        }
        return new Trouble(
                Exit.of(code), "the daemon ended at once with exit code " + code, "see " + log);
    }

    /// The command line that says what `request` says.
    static List<String> arguments(RunRequest request) {
        List<String> arguments = new ArrayList<>();
        arguments.add("run");
        request.load().files().forEach(file -> arguments.add(file.toString()));
        Site site = request.load().site();
        for (IpPrefix vpc : site.vpcs()) {
            arguments.add("--vpc=" + vpc);
        }
        if (site.local() != null) {
            arguments.add("--local=" + site.local());
        }
        if (site.behindNat()) {
            arguments.add("--behind-nat");
        }
        arguments.add("--socket=" + request.socket());
        arguments.add("--state-dir=" + request.stateDirectory());
        arguments.add("--log-level=" + request.logLevel().name().toLowerCase(Locale.ROOT));
        switch (request.vici()) {
            case RunRequest.Vici.Off _ -> arguments.add("--vici=off");
            case RunRequest.Vici.At(Path socket) -> arguments.add("--vici=" + socket);
            case RunRequest.Vici.Usual _ -> {}
        }
        if (request.backend() != RunRequest.Backend.USERSPACE) {
            arguments.add("--backend=" + request.backend().name().toLowerCase(Locale.ROOT));
        }
        if (request.guards().stay()) {
            arguments.add("--keep-guards");
        }
        if (!request.guards().filter()) {
            arguments.add("--without-filter");
        }
        Path keys = request.exportKeys();
        if (keys != null) {
            arguments.add("--export-keys=" + keys);
        }
        return arguments;
    }
}
