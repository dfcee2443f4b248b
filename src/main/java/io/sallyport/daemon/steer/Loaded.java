package io.sallyport.daemon.steer;

import io.sallyport.control.local.Site;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.model.spec.VpnSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The files that are loaded, and what each leaves open. Any thread, one at a time.
public final class Loaded {
    private final Reader reader;
    private Map<Path, Site> files = new LinkedHashMap<>();

    /// Reads files that belong together.
    public interface Reader {
        Reading read(List<Path> files, Site site);
    }

    /// What files say.
    ///
    /// @param findings with their places; errors are of level ERROR
    public record Reading(VpnSpec vpn, List<LogLine> findings) {
        public Reading {
            findings = List.copyOf(findings);
        }

        public boolean hasErrors() {
            return findings.stream().anyMatch(f -> f.level() == LogLine.Level.ERROR);
        }
    }

    public Loaded(Reader reader) {
        this.reader = reader;
    }

    /// Reads everything again, with `more` added; nothing is kept yet.
    public Reading read(List<Path> more, Site site) {
        Map<Site, List<Path>> bySite = new LinkedHashMap<>();
        with(more, site)
                .forEach((file, where) ->
                        bySite.computeIfAbsent(where, _ -> new ArrayList<>()).add(file));
        List<LogLine> findings = new ArrayList<>();
        VpnSpec all = VpnSpec.EMPTY;
        for (Map.Entry<Site, List<Path>> group : bySite.entrySet()) {
            Reading reading = reader.read(group.getValue(), group.getKey());
            findings.addAll(reading.findings());
            all = joined(all, reading.vpn(), findings);
        }
        return new Reading(all, findings);
    }

    /// Keeps the files: they are read again at the next load.
    public void keep(List<Path> more, Site site) {
        files = with(more, site);
    }

    private Map<Path, Site> with(List<Path> more, Site site) {
        Map<Path, Site> all = new LinkedHashMap<>(files);
        for (Path file : more) {
            Site before = all.get(file);
            // A file that is read again without saying where it stands stands where it stood.
            all.put(file, before != null && site.equals(Site.UNSAID) ? before : site);
        }
        return all;
    }

    private static VpnSpec joined(VpnSpec a, VpnSpec b, List<LogLine> findings) {
        var connections = new ArrayList<>(a.connections());
        for (var connection : b.connections()) {
            if (a.connections().stream().anyMatch(c -> c.name().equals(connection.name()))) {
                findings.add(
                        LogLine.error(
                                connection.origin()
                                        + ": error: there is a connection "
                                        + connection.name()
                                        + " already"));
            } else {
                connections.add(connection);
            }
        }
        return new VpnSpec(
                connections,
                both(a.secrets(), b.secrets()),
                both(a.keys(), b.keys()),
                both(a.certificates(), b.certificates()),
                both(a.pools(), b.pools()),
                both(a.authorities(), b.authorities()),
                both(a.modules(), b.modules()));
    }

    private static <T> List<T> both(List<T> a, List<T> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
