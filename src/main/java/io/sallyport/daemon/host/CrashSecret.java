package io.sallyport.daemon.host;

import io.sallyport.base.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;

/// The secret by which a next life of this daemon shows peers that this one is over (RFC 6290): a
/// file beside the journal, which only its owner reads. It goes with the folder, so it outlives a
/// killed daemon and, under `/run`, no reboot.
public final class CrashSecret {
    private static final String NAME = "crash-secret";
    private static final int OCTETS = 32;

    private CrashSecret() {}

    /// The one that is there, else a new one.
    public static Secret in(Path folder) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = folder.resolve(NAME);
        if (Files.isRegularFile(file)) {
            byte[] old = Files.readAllBytes(file);
            if (old.length == OCTETS) {
                return Secret.owned(old);
            }
            Arrays.fill(old, (byte) 0);
        }
        byte[] fresh = new byte[OCTETS];
        new SecureRandom().nextBytes(fresh);
        Path other = folder.resolve(NAME + ".new");
        Files.deleteIfExists(other);
        try (FileChannel out =
                FileChannel.open(
                        other,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            out.write(ByteBuffer.wrap(fresh));
            out.force(true);
        }
        Files.move(
                other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return Secret.owned(fresh);
    }
}
