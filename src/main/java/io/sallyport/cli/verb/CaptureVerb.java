package io.sallyport.cli.verb;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.view.CaptureView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `capture`: packets of the running gateway, as a pcapng file.
public final class CaptureVerb implements CliVerb {
    private static final int MOST = 999_999_999;

    /// Packets may be plaintext: only their owner reads them.
    private static final String OWNER_ONLY = "rw-------";

    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "capture",
                        "Write the packets of the running gateway to a pcapng file",
                        "Inner packets are in clear, as the tunnel interface has them, one interface of the",
                        "file for each; outer packets are ESP, AH and IKE, trains split into packets. A comment",
                        "says the tunnel and SPI of a packet, or that it went no further. FILE must not be there",
                        "yet; `-` is the standard output. Ends by --count, --seconds or Ctrl-C. Packets that",
                        "come faster than they are written are counted, not waited for.")
                .arguments("0..1", "FILE", "Where to. Otherwise the standard output.")
                .flag("--inner", "Only inner packets.")
                .flag("--outer", "Only outer packets.")
                .option("-n --count", "N", "End after so many packets.")
                .option("-t --seconds", "N", "End after so many seconds.")
                .option(
                        "--keys",
                        "FILE",
                        "Also write the keys of the SAs that come meanwhile to a new FILE that only its",
                        "owner reads, each line a value for tshark's -o. The daemon keeps no keys of",
                        "those that stand: rekey them. Its log tells of this.")
                .socket()
                .examples(
                        List.of(
                                "sallyport capture --seconds 10 vpn.pcapng",
                                "sallyport capture --inner - | tshark -r -",
                                "sallyport capture --outer --count 100 --keys vpn.keys vpn.pcapng"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        if (said.arguments().size() > 1) {
            throw Said.wrong("capture takes one FILE");
        }
        boolean both = said.has("--inner") == said.has("--outer");
        String keys = said.value("--keys");
        CaptureRequest request =
                new CaptureRequest(
                        both || said.has("--inner"),
                        both || said.has("--outer"),
                        said.number("--count", 0, MOST),
                        said.number("--seconds", 0, MOST),
                        keys != null);
        String file = said.arguments().isEmpty() ? "-" : said.arguments().getFirst();
        if (file.equals("-") && console.terminal()) {
            throw Said.wrong("a capture is no text: name a FILE, or pipe it into tshark -r -");
        }
        try (ControlClient daemon = said.daemon();
                Taker taker = Taker.open(file, keys, console.out())) {
            Optional<CaptureView> end = daemon.capture(request, taker::take);
            if (taker.failed != null) {
                throw new Trouble(
                        Exit.CANNOT_CREATE, "cannot write: " + taker.failed.getMessage(), "");
            }
            if (end.isEmpty()) {
                return Exit.OK.code(); // who reads us has enough, or the daemon ended
            }
            if (!end.get().refused().isEmpty()) {
                throw new Trouble(Exit.NO, end.get().refused(), "");
            }
            console.err()
                    .println(end.get().packets() + " packets, " + end.get().dropped() + " dropped");
            console.err().flush();
            return Exit.OK.code();
        }
    }

    /// Writes what comes, at once: Ctrl-C leaves a whole file.
    private static final class Taker implements AutoCloseable {
        private final OutputStream packets;
        private final @Nullable OutputStream keys;
        private final boolean ownPackets;
        private @Nullable IOException failed;

        private Taker(OutputStream packets, @Nullable OutputStream keys, boolean ownPackets) {
            this.packets = packets;
            this.keys = keys;
            this.ownPackets = ownPackets;
        }

        static Taker open(String file, @Nullable String keys, PrintStream out) throws Trouble {
            OutputStream keyFile = keys == null ? null : create(keys);
            boolean own = !file.equals("-");
            return new Taker(own ? create(file) : out, keyFile, own);
        }

        private static OutputStream create(String name) throws Trouble {
            Path path = Said.absolute(name);
            try {
                return Channels.newOutputStream(
                        FileChannel.open(
                                path,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString(OWNER_ONLY))));
            } catch (FileAlreadyExistsException _) {
                throw new Trouble(
                        Exit.CANNOT_CREATE, name + " is there already", "name another file");
            } catch (IOException e) {
                throw new Trouble(
                        Exit.CANNOT_CREATE,
                        "cannot create " + name + ": " + e.getMessage(),
                        "name a file in a directory that is there");
            }
        }

        boolean take(CapturePiece piece) {
            try {
                switch (piece) {
                    case CapturePiece.Blocks(Octets octets) -> {
                        packets.write(octets.toArray());
                        packets.flush();
                    }
                    case CapturePiece.Key(String line) -> {
                        if (keys != null) {
                            keys.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                }
            } catch (IOException e) {
                failed = e;
                return false;
            }
            return !(packets instanceof PrintStream print) || !print.checkError();
        }

        @Override
        public void close() {
            try {
                if (ownPackets) {
                    packets.close();
                }
                if (keys != null) {
                    keys.close();
                }
            } catch (IOException _) {
                // what was written is written
            }
        }
    }
}
