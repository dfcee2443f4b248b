package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Includes;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Section;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.SourceText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lines of an ipsec.conf and of what it includes to sections and settings. A section head begins
/// at the start of its line, settings are indented, `#` begins a comment, values may be quoted.
final class ConfScanner {
    private static final Pattern HEAD = Pattern.compile("(config|conn|ca)(?:[ \t]+(.*))?");
    private static final Pattern INCLUDE = Pattern.compile("[ \t]*include[ \t]+([^=].*)");
    private static final Pattern KEY = Pattern.compile("[ \t]*([^\"#= \t]+)[ \t]*=");

    private final Findings findings;
    private final List<Open> sections = new ArrayList<>();
    private final Set<String> damaged = new HashSet<>();
    private final Includes includes;
    private SourceText text = SourceText.of("", "");
    private int line;

    /// A section still being filled.
    private record Open(String kind, String name, Position at, List<Setting> settings) {}

    ConfScanner(Findings findings) {
        this.findings = findings;
        this.includes = new Includes(findings);
    }

    void scan(SourceText source) {
        SourceText outerText = text;
        int outerLine = line;
        text = source;
        for (line = 1; line <= text.lines().size(); line++) {
            line(text.line(line));
        }
        text = outerText;
        line = outerLine;
    }

    List<Section> sections() {
        return sections.stream().map(o -> new Section(o.kind, o.name, o.at, o.settings)).toList();
    }

    /// Whether a line of the section `kind name` could not be understood.
    boolean isDamaged(String kind, String name) {
        return damaged.contains(kind + " " + name);
    }

    private void line(String raw) {
        String bare = raw.strip();
        if (bare.isEmpty() || bare.startsWith("#")) {
            return;
        }
        Matcher include = INCLUDE.matcher(raw);
        if (include.matches()) {
            include(include.group(1), include.start(1));
            return;
        }
        boolean indented = raw.charAt(0) == ' ' || raw.charAt(0) == '\t';
        Matcher head = HEAD.matcher(bare);
        if (head.matches() && !KEY.matcher(raw).lookingAt()) {
            if (indented) {
                findings.error(
                        at(raw.indexOf(bare)),
                        "a section begins at the start of its line: remove the blanks before '"
                                + head.group(1)
                                + "'");
            }
            head(head.group(1), Optional.ofNullable(head.group(2)).orElse(""), raw);
        } else if (KEY.matcher(raw).lookingAt()) {
            setting(raw, indented);
        } else if (!indented && bare.matches("version([ \t].*)?")) {
            return; // a relic of FreeS/WAN that strongSwan skips, too
        } else {
            damage();
            String first = bare.split("[ \t=]", 2)[0];
            findings.error(
                    at(raw.indexOf(bare)),
                    indented && !sections.isEmpty()
                            ? "a setting is 'key=value'; here the '=' or the key is missing"
                            : "neither a section (config setup, conn, ca) nor an include"
                                    + DidYouMean.hint(first, List.of("config", "conn", "include")));
        }
    }

    private void head(String kind, String rest, String raw) {
        int hash = rest.indexOf('#');
        String name = (hash < 0 ? rest : rest.substring(0, hash)).strip();
        Position at = at(raw.length() - raw.stripLeading().length());
        if (name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")) {
            name = name.substring(1, name.length() - 1);
        }
        if (kind.equals("config") && !name.equals("setup")) {
            findings.error(at, "'config' is followed by 'setup'");
            name = "setup";
        } else if (name.isEmpty()) {
            findings.error(at, "'" + kind + "' needs a name behind it");
            name = "line " + line;
            damaged.add(kind + " " + name);
        } else if (name.matches(".*[\\s\"=].*")) {
            findings.error(at, "the name behind '" + kind + "' is one word");
            damaged.add(kind + " " + name);
        }
        sections.add(new Open(kind, name, at, new ArrayList<>()));
    }

    private void setting(String raw, boolean indented) {
        Matcher m = KEY.matcher(raw);
        if (!m.lookingAt()) {
            return;
        }
        String key = m.group(1);
        Position keyAt = at(m.start(1));
        if (sections.isEmpty()) {
            findings.error(keyAt, "a setting before the first section");
            return;
        }
        if (!indented) {
            damage();
            findings.error(keyAt, "a setting is indented: put a blank or a tab before it");
        }
        int from = m.end();
        while (from < raw.length() && (raw.charAt(from) == ' ' || raw.charAt(from) == '\t')) {
            from++;
        }
        Position at = at(raw.startsWith("\"", from) ? from + 1 : from);
        String value = value(raw, from);
        sections.getLast().settings.add(new Setting(key, value, keyAt, at));
    }

    /// Words and quoted strings to the end of the line, joined by one blank. Inside quotes `\n`,
    /// `\r`, `\t` are control characters, a backslash before the end joins the next line, before
    /// anything else it stands for that.
    private String value(String raw, int from) {
        StringBuilder value = new StringBuilder();
        String rest = raw;
        int i = from;
        while (i < rest.length()) {
            char c = rest.charAt(i);
            if (c == '#' && !keyIdAt(rest, i)) {
                break;
            }
            if (c == ' ' || c == '\t') {
                i++;
                continue;
            }
            if (!value.isEmpty()) {
                value.append(' ');
            }
            if (c == '"') {
                int opened = i++;
                while (i < rest.length() && rest.charAt(i) != '"') {
                    if (rest.charAt(i) != '\\') {
                        value.append(rest.charAt(i++));
                    } else if (i + 1 < rest.length()) {
                        value.append(unescaped(rest.charAt(i + 1)));
                        i += 2;
                    } else if (line < text.lines().size()) {
                        rest = text.line(++line);
                        i = 0;
                    } else {
                        i++;
                    }
                }
                if (i >= rest.length()) {
                    damage();
                    findings.error(at(Math.min(opened, rest.length())), "a quote is not closed");
                }
                i++;
            } else {
                int start = i;
                while (i < rest.length()
                        && (" \t\"".indexOf(rest.charAt(i)) < 0)
                        && (rest.charAt(i) != '#' || keyIdAt(rest, i))) {
                    if (rest.charAt(i) == '=') {
                        damage();
                        findings.error(at(i), "a value with '=' needs quotes round it");
                    }
                    i++;
                }
                value.append(rest, start, i);
            }
        }
        return value.toString();
    }

    /// `@#` at the start of a word is a key id, not a comment.
    private static boolean keyIdAt(String text, int hash) {
        return hash > 0
                && text.charAt(hash - 1) == '@'
                && (hash == 1 || " \t=".indexOf(text.charAt(hash - 2)) >= 0);
    }

    private static char unescaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> c;
        };
    }

    private void include(String rest, int column) {
        String pattern = rest.replaceFirst("[ \t]+#.*|[ \t]+$", "");
        includes.follow(text, pattern, at(column), this::scan);
    }

    private void damage() {
        if (!sections.isEmpty()) {
            damaged.add(sections.getLast().kind + " " + sections.getLast().name);
        }
    }

    private Position at(int index) {
        return text.at(line, index + 1);
    }
}
