package io.sallyport.model.spec;

/// Where in a configuration something was said, so that messages can point there.
public record Origin(String file, int line) {
    public static final Origin NONE = new Origin("", 0);

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
