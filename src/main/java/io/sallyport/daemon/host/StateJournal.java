package io.sallyport.daemon.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a restart must know to undo what a killed daemon did: the system settings it changed, with
/// their old values. A line is on the disk before the change is made. Routes and rules need no
/// line: they carry our protocol number.
///
/// ```text
/// sysctl <TAB> name <TAB> old value <TAB> value we set <LF>
/// ```
///
/// One thread owns it.
public final class StateJournal {
    private static final String NAME = "journal";

    private final Path file;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    /// @param was the value before the first change by us
    /// @param is the value we set last
    public record Setting(String name, String was, String is) {}

    private StateJournal(Path file) {
        this.file = file;
    }

    /// Opens the journal of `folder`, which is made if it is not there, and reads what a killed
    /// daemon left. A torn last line is ignored: its change was never made.
    ///
    /// @throws IOException if the folder cannot be made or read
    public static StateJournal open(Path folder) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        StateJournal journal = new StateJournal(folder.resolve(NAME));
        if (Files.exists(journal.file)) {
            String all = Files.readString(journal.file);
            for (String line : all.substring(0, all.lastIndexOf('\n') + 1).split("\n")) {
                String[] words = line.split("\t", -1);
                if (words.length == 4 && words[0].equals("sysctl")) {
                    journal.remember(new Setting(words[1], words[2], words[3]));
                }
            }
        }
        return journal;
    }

    /// Settings that are changed, the first change first.
    public List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    /// Writes down that `name` goes from `was` to `is`, before it does.
    ///
    /// @throws IOException if it cannot be written: then the change must not be made
    public void willSet(String name, String was, String is) throws IOException {
        remember(new Setting(name, was, is));
        String line = "sysctl\t" + name + "\t" + was + "\t" + is + "\n";
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            out.force(true);
        }
    }

    private void remember(Setting setting) {
        Setting before = settings.get(setting.name());
        settings.put(
                setting.name(),
                before == null ? setting : new Setting(setting.name(), before.was(), setting.is()));
    }

    /// Everything was undone: the file goes.
    public void clear() throws IOException {
        settings.clear();
        Files.deleteIfExists(file);
    }
}
