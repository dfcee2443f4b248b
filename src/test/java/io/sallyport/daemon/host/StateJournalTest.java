package io.sallyport.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateJournalTest {
    @TempDir Path folder;

    @Test
    void aKilledDaemonsChangesAreKnownToTheNextOne() throws IOException {
        Path state = folder.resolve("run");
        StateJournal killed = StateJournal.open(state);
        killed.willSet("net.ipv4.ip_forward", "0", "1");
        killed.willSet("net.ipv4.conf.eth0.rp_filter", "1", "2");

        StateJournal next = StateJournal.open(state);
        assertEquals(
                List.of(
                        new StateJournal.Setting("net.ipv4.ip_forward", "0", "1"),
                        new StateJournal.Setting("net.ipv4.conf.eth0.rp_filter", "1", "2")),
                next.settings());
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
        next.clear();
        assertEquals(List.of(), StateJournal.open(state).settings());
        assertFalse(Files.exists(state.resolve("journal")));
    }

    @Test
    void theFirstOldValueCountsEvenAfterSeveralCrashes() throws IOException {
        StateJournal.open(folder).willSet("net.ipv4.ip_forward", "0", "1");
        StateJournal.open(folder).willSet("net.ipv4.ip_forward", "1", "1");
        assertEquals(
                List.of(new StateJournal.Setting("net.ipv4.ip_forward", "0", "1")),
                StateJournal.open(folder).settings());
    }

    @Test
    void aTornLastLineAndGarbageAreIgnored() throws IOException {
        StateJournal.open(folder).willSet("net.ipv4.ip_forward", "0", "1");
        Files.writeString(
                folder.resolve("journal"),
                "no line of ours\nsysctl\tnet.ipv4.conf.all.rp_f",
                StandardOpenOption.APPEND);
        assertEquals(1, StateJournal.open(folder).settings().size());
    }
}
