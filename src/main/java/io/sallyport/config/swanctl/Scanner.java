package io.sallyport.config.swanctl;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Includes;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.config.syntax.Values;
import java.util.ArrayDeque;
import java.util.Deque;

/// strongSwan's settings syntax: `name { … }`, `name : base, other.base { … }`, `key = value`,
/// comments, quotes, `include`. Every mistake is told with its place, and reading goes on at the
/// next line.
///
/// ```text
/// settings   := ( section | key '=' value | include pattern )*
/// section    := name [ ':' absolute-name { ',' absolute-name } ] '{' settings '}'
/// value      := ( word | '"' text with \n \r \t \" \\ and joined lines '"' )*   to the line's end
/// ```
final class Scanner {
    private static final int DEEPEST = 32;
    private static final int MOST = 100_000;
    private static final int LONGEST = 64 << 10;

    private final Findings findings;
    private final Includes includes;
    private final Draft root;
    private int count;

    private Scanner(Findings findings, Draft root) {
        this.findings = findings;
        this.includes = new Includes(findings);
        this.root = root;
    }

    /// The sections of `text` and of all that it includes.
    static Draft scan(SourceText text, Findings findings) {
        Draft root = new Draft("", Position.whole(text.name()));
        Scanner scanner = new Scanner(findings, root);
        scanner.file(text, root, 0);
        return scanner.root;
    }

    private void file(SourceText text, Draft into, int depth) {
        new Pass(text, into, depth).run();
    }

    /// One way through one file.
    private final class Pass {
        private final SourceText source;
        private final String text;
        private final Deque<Draft> open = new ArrayDeque<>();
        private final int depth;
        private int at;
        private int line = 1;
        private int lineStart;

        Pass(SourceText source, Draft into, int depth) {
            this.source = source;
            this.text = source.text();
            this.depth = depth;
            open.push(into);
        }

        void run() {
            while (at < text.length() && count <= MOST) {
                statement();
            }
            if (count > MOST) {
                findings.error(here(), "more than " + MOST + " settings and sections");
            } else if (open.size() > 1) {
                findings.error(
                        open.getFirst().at,
                        "section '"
                                + Values.shown(open.getFirst().name)
                                + "' is not closed by '}'");
            }
        }

        private Position here() {
            return source.at(line, at - lineStart + 1);
        }

        private char next() {
            return text.charAt(at);
        }

        private boolean more() {
            return at < text.length();
        }

        private void step() {
            if (next() == '\n') {
                line++;
                lineStart = at + 1;
            }
            at++;
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t' || c == '\r';
        }

        private void blanks() {
            while (more() && isBlank(next())) {
                step();
            }
        }

        private void toLineEnd() {
            while (more() && next() != '\n') {
                step();
            }
        }

        /// Blanks, comments and line ends.
        private void skip() {
            while (more()) {
                if (next() == '#') {
                    toLineEnd();
                } else if (isBlank(next()) || next() == '\n') {
                    step();
                } else {
                    return;
                }
            }
        }

        private void statement() {
            skip();
            if (!more()) {
                return;
            }
            count++;
            Position start = here();
            switch (next()) {
                case '}' -> {
                    step();
                    if (open.size() == 1) {
                        findings.error(start, "a '}' without its '{'");
                    } else {
                        open.pop();
                    }
                }
                case '{' -> {
                    findings.error(start, "a name is missing before '{'");
                    step();
                    enter(new Draft("", start));
                }
                case '=', ':', ',', '"' -> {
                    findings.error(start, "a name is missing before '" + next() + "'");
                    toLineEnd();
                }
                default -> named(name(), start);
            }
        }

        private String name() {
            int from = at;
            while (more() && "#{}=:,\"\n\t\r ".indexOf(next()) < 0) {
                step();
            }
            return text.substring(from, at);
        }

        private void named(String name, Position start) {
            boolean blank = more() && isBlank(next());
            blanks();
            if (name.equals("include") && blank && more() && next() != '=' && next() != '{') {
                include(start);
                return;
            }
            if (more() && next() == '=') {
                step();
                value(name, start);
                return;
            }
            Draft parent = open.getFirst();
            if (more() && next() == ':') {
                Draft section = parent.section(name, start);
                step();
                references(section);
                brace(section, start);
                return;
            }
            skip();
            if (more() && next() == '{') {
                brace(parent.section(name, start), start);
            } else {
                findings.error(
                        start, "'" + Values.shown(name) + "' is followed by neither '=' nor '{'");
            }
        }

        private void references(Draft section) {
            while (true) {
                skip();
                Position start = here();
                String name = more() ? name() : "";
                if (name.isEmpty()) {
                    findings.error(start, "the name of a section is missing here");
                    return;
                }
                section.references.add(new Setting(":", name, start, start));
                skip();
                if (!more() || next() != ',') {
                    return;
                }
                step();
            }
        }

        private void brace(Draft section, Position start) {
            skip();
            if (more() && next() == '{') {
                step();
                enter(section);
            } else {
                findings.error(start, "section '" + Values.shown(section.name) + "' has no '{'");
                toLineEnd();
            }
        }

        private void enter(Draft section) {
            if (open.size() + depth >= DEEPEST) {
                findings.error(here(), "sections are nested deeper than " + DEEPEST);
                at = text.length();
                open.clear();
                open.push(section);
                return;
            }
            open.push(section);
        }

        private void value(String key, Position keyAt) {
            StringBuilder value = new StringBuilder();
            blanks();
            Position start = here();
            boolean good = true;
            boolean first = true;
            while (more() && "#}\n".indexOf(next()) < 0) {
                if (!first) {
                    value.append(' '); // one blank between words, whatever stands there
                }
                first = false;
                if (next() == '"') {
                    good &= quoted(value);
                } else {
                    int from = at;
                    while (more() && "#}\"\n\t\r ".indexOf(next()) < 0) {
                        step();
                    }
                    value.append(text, from, at);
                }
                blanks();
            }
            if (SecretLowering.isSecretKey(key)) {
                findings.conceal(value.toString());
            }
            if (value.length() > LONGEST) {
                findings.error(start, "a value of " + value.length() + " characters");
            } else if (good) {
                open.getFirst().settings.put(key, new Setting(key, value.toString(), keyAt, start));
            }
        }

        private boolean quoted(StringBuilder value) {
            Position start = here();
            step();
            while (more() && next() != '"') {
                char c = next();
                step();
                if (c != '\\') {
                    if (c != '\r') {
                        value.append(c);
                    }
                } else if (more()) {
                    escaped(value);
                }
            }
            if (!more()) {
                findings.error(start, "the quote is not closed");
                return false;
            }
            step();
            return true;
        }

        private void escaped(StringBuilder value) {
            char c = next();
            step();
            switch (c) {
                case 'n' -> value.append('\n');
                case 'r' -> value.append('\r');
                case 't' -> value.append('\t');
                case '\n' -> {} // the next line goes on here
                case '\r' -> {
                    if (more() && next() == '\n') {
                        step();
                    }
                }
                default -> value.append(c);
            }
        }

        private void include(Position start) {
            StringBuilder pattern = new StringBuilder();
            if (next() == '"') {
                if (!quoted(pattern)) {
                    return;
                }
            } else {
                while (more() && "#}\n\t\r ".indexOf(next()) < 0) {
                    if (next() == '\\' && at + 1 < text.length()) {
                        step();
                    }
                    pattern.append(next());
                    step();
                }
            }
            Draft into = open.getFirst();
            int deep = depth + open.size() - 1;
            includes.follow(source, pattern.toString(), start, found -> file(found, into, deep));
        }
    }
}
