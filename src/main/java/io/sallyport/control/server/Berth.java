package io.sallyport.control.server;

import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A place in the file system where one server listens. A lock file beside the socket says whose it
/// is, even between two daemons that start at once; the kernel drops the lock with the process, so
/// a socket without a locked file is stale.
public final class Berth implements AutoCloseable {
    /// `sun_path` of unix(7): 108 octets with the final zero.
    private static final int PATH_LIMIT = 107;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path socket;
    private final Path lockFile;
    private final FileChannel lockChannel;
    private final ServerSocketChannel listener;
    private final @Nullable Object socketKey;

    private Berth(
            Path socket,
            Path lockFile,
            FileChannel lockChannel,
            ServerSocketChannel listener,
            @Nullable Object socketKey) {
        this.socket = socket;
        this.lockFile = lockFile;
        this.lockChannel = lockChannel;
        this.listener = listener;
        this.socketKey = socketKey;
    }

    public ServerSocketChannel listener() {
        return listener;
    }

    /// Binds `path`; a socket there on which nobody answers is replaced.
    ///
    /// @param option of the command line that names another place
    /// @throws Trouble if another daemon answers there, or the socket cannot be made
    public static Berth take(Path path, String option) throws Trouble {
        Path socket = path.toAbsolutePath().normalize();
        Path folder = socket.getParent();
        if (folder == null) {
            throw new Trouble(Exit.CANNOT_CREATE, socket + " is no place for a socket", "");
        }
        Path private0 = folder.resolve("." + ProcessHandle.current().pid() + ".new");
        Path born = private0.resolve("s");
        if (Math.max(octets(socket), octets(born)) > PATH_LIMIT) {
            throw new Trouble(
                    Exit.CANNOT_CREATE,
                    "the socket path is longer than " + PATH_LIMIT + " octets: " + socket,
                    "give a shorter one with " + option);
        }
        try {
            Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            Path lockFile = folder.resolve(socket.getFileName() + ".lock");
            FileChannel lock = lock(lockFile, socket, option);
            try {
                removeStale(socket, option);
                return bind(socket, private0, born, lockFile, lock);
            } catch (IOException | Trouble e) {
                Files.deleteIfExists(lockFile);
                lock.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new Trouble(
                    Exit.NOT_PERMITTED,
                    "no permission to make the control socket " + socket,
                    "run as root, or give a path of your own with " + option);
        } catch (IOException e) {
            throw new Trouble(
                    Exit.CANNOT_CREATE,
                    "cannot make the control socket " + socket + ": " + e.getMessage(),
                    "give another path with " + option);
        }
    }

    private static int octets(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static FileChannel lock(Path lockFile, Path socket, String option)
            throws IOException, Trouble {
        while (true) {
            FileChannel channel =
                    FileChannel.open(
                            lockFile,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            OWNER_ONLY_FILE);
            boolean kept = false;
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw taken(socket, option);
                }
                // Who held it before may have deleted it between our open and our lock; then others
                // lock another file of this name, and so must we.
                if (isStill(channel, lockFile)) {
                    kept = true;
                    return channel;
                }
            } catch (OverlappingFileLockException _) {
                throw taken(socket, option);
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        }
    }

    /// A FileChannel does not tell its inode: a mark written through it and seen by name does.
    private static boolean isStill(FileChannel channel, Path lockFile) throws IOException {
        String mark = ProcessHandle.current().pid() + "\n";
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(mark), 0);
        try {
            return Files.readString(lockFile, StandardCharsets.US_ASCII).equals(mark);
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private static Trouble taken(Path socket, String option) {
        return new Trouble(
                Exit.UNAVAILABLE,
                "a daemon already runs on " + socket,
                "stop it with `sallyport down`, or give another path with " + option);
    }

    private static void removeStale(Path socket, String option) throws IOException, Trouble {
        BasicFileAttributes found;
        try {
            found =
                    Files.readAttributes(
                            socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return;
        }
        if (!found.isOther()) {
            throw new Trouble(
                    Exit.CANNOT_CREATE,
                    socket + " exists and is no socket",
                    "remove it, or give another path with " + option);
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            throw taken(socket, option);
        } catch (IOException _) {
            Files.deleteIfExists(socket);
        }
    }

    /// The socket is born in a folder that only we may enter, and moves to its place when its mode
    /// is right: at no moment can another user connect.
    private static Berth bind(
            Path socket, Path privateFolder, Path born, Path lockFile, FileChannel lock)
            throws IOException {
        Files.deleteIfExists(born);
        Files.deleteIfExists(privateFolder);
        Files.createDirectory(privateFolder, OWNER_ONLY_FOLDER);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(born));
            Files.setPosixFilePermissions(born, PosixFilePermissions.fromString("rw-------"));
            Files.move(born, socket, StandardCopyOption.ATOMIC_MOVE);
            return new Berth(socket, lockFile, lock, listener, key(socket));
        } catch (IOException e) {
            listener.close();
            throw e;
        } finally {
            Files.deleteIfExists(born);
            Files.deleteIfExists(privateFolder);
        }
    }

    private static @Nullable Object key(Path socket) throws IOException {
        return Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /// Stops listening and removes what [#take] made, if it is still ours.
    @Override
    public void close() throws IOException {
        try (lockChannel;
                listener) {
            try {
                if (socketKey != null && socketKey.equals(key(socket))) {
                    Files.deleteIfExists(socket);
                }
            } catch (NoSuchFileException _) {
                // someone cleaned up before us
            }
            Files.deleteIfExists(lockFile);
        }
    }
}
