package io.sallyport.control.protocol;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/// What the daemon sends: one line each.
public sealed interface Reply {
    /// `{"answer":...}`: the wish was understood; ends the exchange.
    record Done(JsonElement answer) implements Reply {
        public static Done of(Object view) {
            return new Done(Json.tree(view));
        }

        /// The answer as the record it should be.
        public <T> T as(Class<T> type) throws BadMessageException {
            return Json.view(answer, type);
        }

        @Override
        public String emit() {
            return one("answer", answer);
        }
    }

    /// `{"error":"..."}`: it was not understood, or a bug met it; ends the exchange.
    record Failed(String what) implements Reply {
        @Override
        public String emit() {
            return one("error", new JsonPrimitive(what));
        }
    }

    /// `{"line":"..."}`: one line of the log; more follow.
    record Line(String text) implements Reply {
        @Override
        public String emit() {
            return one("line", new JsonPrimitive(text));
        }
    }

    /// One line without its end.
    String emit();

    static Reply parse(String line) throws BadMessageException {
        JsonObject message = Json.parseObject(line);
        if (message.has("answer")) {
            return new Done(message.get("answer"));
        }
        if (message.get("error") instanceof JsonPrimitive error) {
            return new Failed(error.getAsString());
        }
        if (message.get("line") instanceof JsonPrimitive text) {
            return new Line(text.getAsString());
        }
        throw new BadMessageException("neither 'answer' nor 'error' nor 'line'");
    }

    private static String one(String name, JsonElement value) {
        JsonObject message = new JsonObject();
        message.add(name, value);
        return Json.text(message);
    }
}
