package io.sallyport.config.swanctl;

import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Sections with what they inherit: their own settings and sections first, then those of the
/// sections that they name, from left to right.
final class Inheritance {
    /// Inherited sections are copied; a few lines could ask for more than there is memory.
    private static final int MOST = 100_000;

    private final Draft root;
    private final Findings findings;
    private final Deque<Draft> open = new ArrayDeque<>();
    private int count;

    private Inheritance(Draft root, Findings findings) {
        this.root = root;
        this.findings = findings;
    }

    static Tree resolve(Draft root, Findings findings) {
        return new Inheritance(root, findings).whole(root);
    }

    private Tree whole(Draft draft) {
        if (count > MOST) {
            return Tree.empty(draft.name, draft.at);
        }
        count += 1 + draft.settings.size();
        if (count > MOST) {
            findings.error(draft.at, "sections inherit more than " + MOST + " settings");
            return Tree.empty(draft.name, draft.at);
        }
        open.push(draft);
        Map<String, Tree> sections = new LinkedHashMap<>();
        draft.sections.forEach((name, section) -> sections.put(name, whole(section)));
        Tree tree = new Tree(draft.name, draft.at, draft.settings, sections, Map.of());
        for (Setting reference : draft.references) {
            Optional<Draft> base = find(reference);
            if (base.isEmpty()) {
                continue;
            }
            if (open.contains(base.get())) {
                findings.error(
                        reference.at(),
                        "section '"
                                + Values.shown(draft.name)
                                + "' inherits from itself by way of '"
                                + Values.shown(reference.value())
                                + "'");
                continue;
            }
            tree = merged(tree, whole(base.get()));
        }
        open.pop();
        return tree;
    }

    private Optional<Draft> find(Setting reference) {
        Draft here = root;
        for (String step : reference.value().split("\\.", -1)) {
            Draft below = here.sections.get(step);
            if (below == null) {
                findings.error(
                        reference.at(),
                        "there is no section '"
                                + Values.shown(reference.value())
                                + "'"
                                + DidYouMean.hint(step, here.sections.keySet()));
                return Optional.empty();
            }
            here = below;
        }
        return Optional.of(here);
    }

    private static Tree merged(Tree own, Tree base) {
        Map<String, Setting> settings = new LinkedHashMap<>(own.settings());
        base.settings().forEach(settings::putIfAbsent);
        Map<String, Tree> sections = new LinkedHashMap<>(own.sections());
        base.sections()
                .forEach((name, tree) ->
                        sections.merge(name, tree, (mine, theirs) -> merged(mine, theirs)));
        return new Tree(own.name(), own.at(), settings, sections, Map.of());
    }
}
