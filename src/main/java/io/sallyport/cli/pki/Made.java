package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.pem.Pem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// What a verb writes: `--out`, or else the standard output. No file is overwritten unless that is
/// said, and private keys are their owner's alone from the first octet on.
record Made(Said said) {
    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    static Sheet options(Sheet sheet) {
        return file(
                sheet.option(
                        "-f --outform",
                        "FORM",
                        "der or pem. Otherwise pem where FILE is called so, moon.pem, else der."));
    }

    static Sheet file(Sheet sheet) {
        return sheet.option(
                        "--out",
                        "FILE",
                        "Where to. Otherwise the standard output. FILE must not be there yet.")
                .flag("--force", "Overwrite FILE.");
    }

    /// @param secret there is a private key in it
    int write(Pem made, boolean secret) throws Trouble {
        boolean pem = isPem();
        return write(pem ? Octets.ascii(made.emit()) : made.data(), pem, secret);
    }

    private boolean isPem() throws Trouble {
        String form = said.value("--outform");
        if (form == null) {
            String out = said.value("--out");
            return out != null && out.endsWith(".pem");
        }
        return switch (form) {
            case "pem" -> true;
            case "der" -> false;
            default -> throw Said.wrong("--outform '" + form + "' is none of der, pem");
        };
    }

    /// @param text it may be shown on a terminal
    int write(Octets octets, boolean text, boolean secret) throws Trouble {
        String out = said.value("--out");
        if (out != null) {
            write(out, octets, secret);
            return Exit.OK.code();
        }
        if (!text && said.console().terminal()) {
            throw Said.wrong("DER is no text: name a file by --out FILE, or say --outform pem");
        }
        said.console().out().writeBytes(octets.toArray());
        said.console().out().flush();
        return Exit.OK.code();
    }

    private void write(String name, Octets octets, boolean secret) throws Trouble {
        Path file = Said.absolute(name);
        try {
            if (said.has("--force") && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                replace(file, octets, secret);
            } else {
                create(file, octets, secret);
            }
        } catch (FileAlreadyExistsException _) {
            throw new Trouble(
                    Exit.CANNOT_CREATE,
                    name + " is there already",
                    "name another file, or say --force to overwrite it");
        } catch (IOException e) {
            throw new Trouble(
                    Exit.CANNOT_CREATE,
                    "cannot make " + name + ": " + e.getClass().getSimpleName(),
                    "name a file in a directory that is there and may be written to");
        }
    }

    private static void create(Path file, Octets octets, boolean secret) throws IOException {
        try (FileChannel channel =
                secret ? FileChannel.open(file, NEW, OWNER_ONLY) : FileChannel.open(file, NEW)) {
            var buffer = octets.buffer();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /// By a file beside it, so that there is the old one or the new one and never a half.
    private static void replace(Path file, Octets octets, boolean secret) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        create(beside, octets, secret);
        try {
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
