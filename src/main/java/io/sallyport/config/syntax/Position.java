package io.sallyport.config.syntax;

import io.sallyport.model.spec.Origin;
import java.util.Comparator;

/// A place in a file, both counted from 1; line 0 is the file as a whole.
public record Position(String file, int line, int column) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::file)
                    .thenComparingInt(Position::line)
                    .thenComparingInt(Position::column);

    /// The file as a whole.
    public static Position whole(String file) {
        return new Position(file, 0, 0);
    }

    public static Position of(Origin origin) {
        return new Position(origin.file(), origin.line(), origin.line() > 0 ? 1 : 0);
    }

    public Position right(int columns) {
        return new Position(file, line, column + columns);
    }

    public Origin origin() {
        return new Origin(file, line);
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /// `file:line:column`, or `file` alone.
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
