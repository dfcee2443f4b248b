package io.sallyport.config.swanctl;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.PoolSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sections to the model, wherever they come from: a swanctl.conf, or a `load-conn` over vici.
public final class SwanctlLowering {
    private final Path home;
    private final Choices choices;

    /// @param home the directory of swanctl.conf, which files are relative to
    public SwanctlLowering(Path home, Choices choices) {
        this.home = home;
        this.choices = choices;
    }

    /// A section below `connections`. Every finding is told; an error leaves it out.
    public Optional<ConnectionSpec> connection(Tree tree, Findings findings) {
        Findings own = new Findings();
        Optional<ConnectionSpec> lowered = lowered(tree, own);
        findings.addAll(own);
        return own.hasErrors() ? Optional.empty() : lowered;
    }

    /// A section below `manual`. Every finding is told; an error leaves it out.
    public Optional<ConnectionSpec> manual(Tree tree, Findings findings) {
        Findings own = new Findings();
        Optional<ConnectionSpec> lowered = new ManualLowering(tree, own).connection();
        findings.addAll(own);
        return own.hasErrors() ? Optional.empty() : lowered;
    }

    /// A section below `pools`.
    public Optional<PoolSpec> pool(Tree tree, Findings findings) {
        Findings own = new Findings();
        Optional<PoolSpec> pool = PoolLowering.pool(tree, own);
        findings.addAll(own);
        return own.hasErrors() ? Optional.empty() : pool;
    }

    /// An object on a token, as a vici message names it; an empty `slot` or `module` is not said.
    public static Optional<KeySource.Token> token(
            String handle, String slot, String module, Origin origin, Findings findings) {
        Position at = Position.of(origin);
        Map<String, Setting> said =
                Map.of(
                        "handle", new Setting("handle", handle, at, at),
                        "slot", new Setting("slot", slot, at, at),
                        "module", new Setting("module", module, at, at));
        Tree tree = new Tree("token", at, said, Map.of(), Map.of());
        return KeyFiles.token(new Fields(tree, Place.TOKEN, findings), findings);
    }

    /// A section below `authorities`.
    public Optional<AuthoritySpec> authority(Tree tree, Findings findings) {
        Findings own = new Findings();
        Optional<AuthoritySpec> authority = new KeyFiles(home, own).authority(tree);
        findings.addAll(own);
        return own.hasErrors() ? Optional.empty() : authority;
    }

    private Optional<ConnectionSpec> lowered(Tree tree, Findings findings) {
        Fields fields = new Fields(tree, Place.CONNECTION, findings).checked();
        IkeLowering ike = new IkeLowering(fields, choices, findings);
        IkeSpec spec = ike.ike();
        AuthLowering rounds = new AuthLowering(tree, new KeyFiles(home, findings), findings);
        PeerSpec local = new PeerSpec(ike.local(), ike.port("local_port"), rounds.local());
        PeerSpec remote = new PeerSpec(ike.remote(), ike.port("remote_port"), rounds.remote());
        List<ChildSpec> children = new ArrayList<>();
        for (Tree section : tree.sections().values()) {
            if (section.name().equals("children")) {
                strays(section, findings);
                for (Tree child : section.sections().values()) {
                    children.addAll(
                            new ChildLowering(child, fields, spec, local, remote, choices, findings)
                                    .children());
                }
            } else if (!AuthLowering.isRound(section.name())) {
                findings.error(
                        section.at(),
                        "unknown section '"
                                + Values.shown(section.name())
                                + "' in "
                                + Place.CONNECTION
                                + DidYouMean.hint(
                                        section.name(), List.of("children", "local", "remote")));
            }
        }
        return Optional.of(
                new ConnectionSpec(
                        tree.name(),
                        local,
                        remote,
                        spec,
                        ike.addressing(),
                        children,
                        DecidingSettings.origin(tree)));
    }

    /// Settings where only sections belong.
    static void strays(Tree tree, Findings findings) {
        tree.settings()
                .values()
                .forEach(s ->
                        findings.error(
                                s.keyAt(),
                                "'"
                                        + Values.shown(s.key())
                                        + "' is a setting; in "
                                        + tree.name()
                                        + " there are sections only"));
    }

    /// The place that a tree built from a message has.
    public static Position nowhere(String name) {
        return Position.whole(name);
    }
}
