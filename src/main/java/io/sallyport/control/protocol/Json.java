package io.sallyport.control.protocol;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/// JSON as this protocol uses it: strict (RFC 8259), one line, null written out so that every field
/// is always there.
public final class Json {
    private static final int DEPTH = 32;
    private static final Gson LINE =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final Gson PAGE =
            new GsonBuilder()
                    .serializeNulls()
                    .disableHtmlEscaping()
                    .setFormattingStyle(FormattingStyle.PRETTY)
                    .create();

    private Json() {}

    /// A view as text over many lines, for `--json`.
    public static String page(Object view) {
        return PAGE.toJson(view);
    }

    /// A view as text on one line.
    public static String line(Object view) {
        return LINE.toJson(view);
    }

    static String text(JsonElement element) {
        return LINE.toJson(element);
    }

    static JsonElement tree(Object view) {
        return LINE.toJsonTree(view);
    }

    static <T> T view(JsonElement element, Class<T> type) throws BadMessageException {
        T view;
        try {
            view = LINE.fromJson(element, type);
        } catch (RuntimeException e) {
            // Gson wraps what a record's constructor throws in more than one way.
            throw new BadMessageException("no " + type.getSimpleName() + ": " + e.getMessage());
        }
        if (view == null) {
            throw new BadMessageException("no " + type.getSimpleName() + ": null");
        }
        String missing = Completeness.missing(view);
        if (!missing.isEmpty()) {
            throw new BadMessageException(
                    "no " + type.getSimpleName() + ": '" + missing + "' is missing or unknown");
        }
        return view;
    }

    static JsonObject parseObject(String line) throws BadMessageException {
        JsonReader reader = new JsonReader(new StringReader(line));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEPTH);
        try {
            JsonElement element = LINE.getAdapter(JsonElement.class).read(reader);
            if (element == null
                    || !element.isJsonObject()
                    || reader.peek() != JsonToken.END_DOCUMENT) {
                throw new BadMessageException("the message is no JSON object");
            }
            return element.getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new BadMessageException("the message is no JSON object");
        }
    }
}
