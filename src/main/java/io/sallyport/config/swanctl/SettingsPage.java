package io.sallyport.config.swanctl;

/// The manual of swanctl.conf, made of the table that the parser uses.
public final class SettingsPage {
    private SettingsPage() {}

    /// Markdown, ending with a line feed.
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Settings of swanctl.conf

                Made of the table that the parser reads (`config.swanctl.Options`); a test compares.
                Defaults are strongSwan's. *used*: lowered into the model; what the engine cannot do
                yet is refused with its reason when the file is read (`config.read.EngineLimits`).
                *ignored*: without effect, and nothing is lost. *refused*: another value than the
                default leaves the connection out, with the reason given.

                Times are seconds, or have `s`, `m`, `h`, `d` behind them; octets may have `k`, `m`,
                `g`. A name that ends with `<suffix>` may have any end. Sections inherit by
                `name : base, other.base { … }`; `key =` takes an inherited value back.
                """);
        for (Place place : Place.values()) {
            page.append("\n## ").append(place.toString().replace("|", " | ")).append("\n\n");
            page.append("| setting | value | default | meaning | |\n|---|---|---|---|---|\n");
            for (Option o : Options.of(place)) {
                page.append("| `")
                        .append(o.word())
                        .append("` | ")
                        .append(o.kind())
                        .append(" | ")
                        .append(o.otherwise().isEmpty() ? "" : "`" + cell(o.otherwise()) + "`")
                        .append(" | ")
                        .append(cell(o.meaning()))
                        .append(" | ")
                        .append(o.fate())
                        .append(o.reason().isEmpty() ? "" : ": " + cell(o.reason()))
                        .append(" |\n");
            }
        }
        return page.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
