package io.sallyport.config.read;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Standing;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Broken algorithms are used where the configuration names them, and told once each.
final class BrokenAlgorithms {
    private final List<ConnectionSpec> connections;
    private final Findings findings;
    private final Map<String, Position> firstAt = new LinkedHashMap<>();
    private final Map<String, Set<String>> users = new LinkedHashMap<>();

    BrokenAlgorithms(List<ConnectionSpec> connections, Findings findings) {
        this.connections = connections;
        this.findings = findings;
    }

    void run() {
        for (ConnectionSpec c : connections) {
            for (IkeProposal p : c.ike().proposals()) {
                p.ciphers().forEach(x -> note(c, x.toString(), x.encryption().standing(), "ike"));
                p.integrity().forEach(x -> note(c, x.toString(), x.standing(), "ike"));
                p.prfs().forEach(x -> note(c, prf(x.toString()), x.standing(), "ike"));
                p.groups().forEach(x -> note(c, x.toString(), x.standing(), "ike"));
            }
            for (ChildSpec child : c.children()) {
                for (EspProposal p : child.proposals()) {
                    p.ciphers()
                            .forEach(x -> note(c, x.toString(), x.encryption().standing(), "esp"));
                    p.integrity().forEach(x -> note(c, x.toString(), x.standing(), "esp"));
                    p.groups().forEach(x -> note(c, x.toString(), x.standing(), "esp"));
                }
            }
        }
        firstAt.forEach((word, at) ->
                findings.warning(
                        at,
                        word
                                + " is broken; used because it is named: "
                                + String.join(", ", users.getOrDefault(word, Set.of()))));
    }

    /// `prfmd5` and `md5` are one weakness.
    private static String prf(String word) {
        return word.startsWith("prf") ? word.substring(3) : word;
    }

    private void note(ConnectionSpec c, String word, Standing standing, String where) {
        if (standing == Standing.BROKEN) {
            firstAt.putIfAbsent(word, Position.of(c.origin()));
            users.computeIfAbsent(word, _ -> new LinkedHashSet<>()).add(where + " of " + c.name());
        }
    }
}
