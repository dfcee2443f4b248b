package io.sallyport.config.swanctl;

/// One setting, described once: the manual, the defaults and the parser's knowledge come from here.
///
/// @param kind what its value looks like
/// @param otherwise what holds where it is not said, as strongSwan has it; in brackets: computed
/// @param reason why it is not used as strongSwan does; empty: it is used
record Option(
        Place place,
        String word,
        Kind kind,
        String otherwise,
        String meaning,
        Fate fate,
        String reason) {
    enum Kind {
        TEXT("text"),
        LIST("list"),
        NUMBER("number"),
        TIME("time"),
        OCTETS("octets"),
        TRUTH("yes or no"),
        WORD("word"),
        IDENTITY("identity"),
        FILE("file");

        private final String shown;

        Kind(String shown) {
            this.shown = shown;
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    /// What becomes of it.
    enum Fate {
        USED("used"),
        /// Without effect, and nothing is lost.
        IGNORED("ignored"),
        /// The connection is left out, unless the value is the default.
        REFUSED("refused");

        private final String shown;

        Fate(String shown) {
            this.shown = shown;
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    /// Whether the word is a beginning: `id` is `id-carol`, too.
    boolean isPrefix() {
        return word.endsWith("<suffix>");
    }

    boolean is(String key) {
        return isPrefix()
                ? key.startsWith(word.substring(0, word.length() - "<suffix>".length()))
                : key.equals(word);
    }

    /// The default of a setting that has one in so many words.
    boolean isConstant() {
        return !otherwise.isEmpty() && !otherwise.startsWith("[");
    }
}
