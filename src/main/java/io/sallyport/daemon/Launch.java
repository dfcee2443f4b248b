package io.sallyport.daemon;

import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.CleanupRequest;
import io.sallyport.control.local.DemoRequest;
import io.sallyport.control.local.EnginesRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Launcher;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.server.ControlServer;
import io.sallyport.control.view.EnginesView;
import io.sallyport.daemon.demo.Demo;
import io.sallyport.daemon.host.HostNetwork;
import io.sallyport.daemon.host.LinkWish;
import io.sallyport.daemon.host.LinuxSystem;
import io.sallyport.daemon.host.StateJournal;
import io.sallyport.daemon.steer.ConfigFiles;
import io.sallyport.daemon.steer.KeyFile;
import io.sallyport.daemon.steer.Loaded;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.filter.NoFilterException;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.model.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Starts a gateway in this process, plays the demonstration, and cleans up after the dead.
public final class Launch implements Launcher {
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final int LINES_KEPT = 2000;

    /// System property: [Faults#parse(String)].
    private static final String FAULTS = "sallyport.faults";

    @Override
    public int run(RunRequest request) throws Trouble {
        System.setProperty("sallyport.log.level", request.logLevel().name());
        check();
        alreadyRunning(request.socket());
        LogRing log = new LogRing(new SystemClock(), LINES_KEPT);
        Loaded loaded = new Loaded(new ConfigFiles());
        Loaded.Reading reading = loaded.read(request.load().files(), request.load().site());
        reading.findings().forEach(log::add);
        // a file that names modules alone is for clients of vici
        if (!request.load().files().isEmpty()
                && reading.vpn().connections().isEmpty()
                && reading.vpn().modules().isEmpty()) {
            throw new Trouble(
                    Exit.CONFIG,
                    "the configuration leaves nothing to run",
                    "mend the findings above; `sallyport check FILE` shows them again");
        }
        loaded.keep(request.load().files(), request.load().site());
        CountDownLatch stop = new CountDownLatch(1);
        try (Wiring wiring = start(request, loaded, log, stop);
                ControlServer server = ControlServer.start(request.socket(), wiring.operator());
                ViciDoor vici = ViciDoor.at(request.vici(), wiring.vici(), log)) {
            Thread end = endOnSignal(wiring, server, vici, log, request.guards().stay());
            log.add(
                    LogLine.info(
                            "sallyport "
                                    + version()
                                    + " runs, control socket "
                                    + request.socket()));
            wiring.load(reading.vpn());
            vici.open();
            stop.await();
            log.add(LogLine.info("stopping"));
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.OK.code();
    }

    private static Wiring start(RunRequest request, Loaded loaded, LogRing log, CountDownLatch stop)
            throws Trouble {
        Path keys = request.exportKeys();
        Consumer<Event> keyTaker = keys == null ? _ -> {} : keyFile(keys, log)::take;
        try {
            return Wiring.start(
                    new Wiring.Setup(
                            version(),
                            request.stateDirectory(),
                            new Wiring.Road(
                                    request.backend(),
                                    request.workers(),
                                    request.guards().filter(),
                                    request.tcpPort()),
                            EngineSettings.DEFAULT.withExportKeys(keys != null),
                            faults(log),
                            loaded,
                            keyTaker,
                            stop::countDown,
                            log));
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    private static Faults faults(LogRing log) throws Trouble {
        try {
            Faults faults = Faults.parse(System.getProperty(FAULTS, ""));
            if (!faults.isNone()) {
                log.add(
                        LogLine.warn(
                                "PACKETS ARE LOST, DOUBLED AND REORDERED ON PURPOSE (-D"
                                        + FAULTS
                                        + "="
                                        + faults
                                        + "), both ways: for labs only"));
            }
            return faults;
        } catch (IllegalArgumentException e) {
            throw new Trouble(
                    Exit.USAGE,
                    "-D" + FAULTS + ": " + e.getMessage(),
                    "percents of packets, e.g. -D" + FAULTS + "=loss=10,seed=7; or leave it away");
        }
    }

    private static KeyFile keyFile(Path file, LogRing log) throws Trouble {
        try {
            KeyFile keys = KeyFile.create(file, line -> log.add(LogLine.warn(line)));
            log.add(
                    LogLine.warn(
                            "KEYS ARE WRITTEN TO "
                                    + file
                                    + " (--export-keys): whoever reads that file reads all"
                                    + " traffic"));
            return keys;
        } catch (IOException e) {
            throw new Trouble(
                    Exit.CANNOT_CREATE,
                    "cannot make the key file " + file + ": " + e,
                    "name a file that is not there yet");
        }
    }

    /// SIGTERM and SIGINT end in a hook of the JVM; the exit code of an orderly end is 0.
    private static Thread endOnSignal(
            Wiring wiring, ControlServer server, ViciDoor vici, LogRing log, boolean keepGuards) {
        Thread end =
                Thread.ofPlatform()
                        .name("sallyport-end")
                        .unstarted(() -> {
                            log.add(LogLine.info("told to stop by a signal"));
                            wiring.close(keepGuards);
                            vici.close();
                            server.close();
                            Runtime.getRuntime().halt(Exit.OK.code());
                        });
        Runtime.getRuntime().addShutdownHook(end);
        return end;
    }

    @Override
    public int demo(DemoRequest request) throws Trouble {
        check();
        return new Demo(request).run();
    }

    @Override
    public EnginesView engines(EnginesRequest request) {
        return EngineReport.of(request);
    }

    @Override
    public List<String> cleanup(CleanupRequest request) throws Trouble {
        permitted();
        alreadyRunning(request.socket());
        try (LinuxSystem system = LinuxSystem.open(new NoTuns(), false)) {
            HostNetwork host =
                    new HostNetwork(
                            system,
                            StateJournal.open(request.stateDirectory()),
                            line -> System.err.println("sallyport: " + line));
            List<String> left = host.leftovers();
            host.withdraw();
            return left;
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /// A killed daemon's TUNs went with it.
    private static final class NoTuns implements LinuxSystem.TunOpener {
        @Override
        public void open(LinkWish wish) {
            throw new IllegalStateException("cleaning up opens nothing");
        }

        @Override
        public void close(String name) {}
    }

    private static void check() throws Trouble {
        permitted();
        if (!Files.exists(TUN)) {
            throw new Trouble(
                    Exit.UNAVAILABLE,
                    "there is no " + TUN + ", so no tunnel interface can be made",
                    "load the driver (modprobe tun); in a container pass the device"
                            + " (--device /dev/net/tun)");
        }
    }

    private static void permitted() throws Trouble {
        List<Capabilities.Needed> missing = Capabilities.missing();
        if (!missing.isEmpty()) {
            throw new Trouble(
                    Exit.NOT_PERMITTED,
                    "it needs root: not allowed to change the network, missing "
                            + String.join(", ", missing.stream().map(Object::toString).toList()),
                    "run it as root (sudo); in a container add the capabilities (--cap-add"
                            + " NET_ADMIN --cap-add NET_RAW)");
        }
    }

    private static void alreadyRunning(Path socket) throws Trouble {
        try (ControlClient client = ControlClient.connect(socket)) {
            throw new Trouble(
                    Exit.UNAVAILABLE,
                    "a daemon runs already, pid "
                            + client.version().pid()
                            + ", and answers on "
                            + socket,
                    "use it (`sallyport up`, `status`), or stop it (`sallyport down`)");
        } catch (Trouble e) {
            if (e.exit() != Exit.UNAVAILABLE || e.what().startsWith("a daemon runs already")) {
                throw e;
            }
            // nobody answers: just what we want
        }
    }

    private static Trouble trouble(IOException e) {
        if (e instanceof NoFilterException) {
            return new Trouble(
                    Exit.UNAVAILABLE,
                    String.valueOf(e.getMessage()),
                    "mend it, or let packets come in in clear that policy protects"
                            + " (--without-filter)");
        }
        if (e instanceof LinuxException linux) {
            boolean forbidden = linux.is(Errno.EPERM) || linux.is(Errno.EACCES);
            return new Trouble(
                    forbidden ? Exit.NOT_PERMITTED : Exit.UNAVAILABLE,
                    linux.call() + ": " + Errno.describe(linux.errno()),
                    linux.advice());
        }
        return new Trouble(Exit.UNAVAILABLE, String.valueOf(e.getMessage()), "");
    }

    static String version() {
        String version = Launch.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
