package io.sallyport.control.view;

import java.util.List;

/// What became of a wish.
///
/// @param done false: refused, nothing changed
/// @param text one sentence: what was done, or what is wrong
/// @param next where it was refused, what to do; may be empty
/// @param connections those it concerned
public record Answer(boolean done, String text, String next, List<String> connections) {
    public Answer {
        connections = List.copyOf(connections);
    }

    public static Answer done(String text, List<String> connections) {
        return new Answer(true, text, "", connections);
    }

    public static Answer refused(String wrong, String next) {
        return new Answer(false, wrong, next, List.of());
    }
}
