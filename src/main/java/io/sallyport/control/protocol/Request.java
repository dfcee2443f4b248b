package io.sallyport.control.protocol;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/// `{"verb":"status","arguments":{}}`: one wish on one line.
public record Request(Verb verb, Arguments arguments) {
    /// Unknown members are ignored, so that a newer client may say more.
    public static Request parse(String line) throws BadMessageException {
        JsonObject message = Json.parseObject(line);
        JsonElement word = message.get("verb");
        if (word == null || !word.isJsonPrimitive() || !word.getAsJsonPrimitive().isString()) {
            throw new BadMessageException("the message has no text 'verb'");
        }
        JsonElement arguments = message.get("arguments");
        if (arguments != null && !arguments.isJsonObject()) {
            throw new BadMessageException("'arguments' is no object");
        }
        Verb verb =
                Verb.of(word.getAsString())
                        .orElseThrow(() ->
                                new BadMessageException("unknown verb '" + shown(word) + "'"));
        return new Request(
                verb,
                new Arguments(arguments == null ? new JsonObject() : arguments.getAsJsonObject()));
    }

    private static String shown(JsonElement word) {
        String text = word.getAsString().replaceAll("\\p{Cntrl}", "?");
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }

    /// One line without its end.
    public String emit() {
        JsonObject message = new JsonObject();
        message.addProperty("verb", verb.word());
        message.add("arguments", arguments.json());
        return Json.text(message);
    }
}
