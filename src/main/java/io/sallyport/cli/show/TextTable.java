package io.sallyport.cli.show;

import io.sallyport.cli.console.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Columns as wide as their widest cell; those of least weight are left out until the rest fits.
final class TextTable {
    private static final String GAP = "  ";

    private record Column(
            String head,
            int weight,
            boolean right,
            List<String> cells,
            UnaryOperator<String> paint) {
        int width() {
            return Math.max(head.length(), cells.stream().mapToInt(String::length).max().orElse(0));
        }

        String cell(String text, boolean last) {
            String space = " ".repeat(width() - text.length());
            return right ? space + text : last ? text : text + space;
        }
    }

    private final List<Column> columns = new ArrayList<>();

    /// @param weight the least goes first where room is short
    void column(String head, int weight, boolean right, List<String> cells) {
        column(head, weight, right, cells, UnaryOperator.identity());
    }

    /// @param paint colours a padded cell
    void column(
            String head,
            int weight,
            boolean right,
            List<String> cells,
            UnaryOperator<String> paint) {
        columns.add(
                new Column(head, weight, right, cells.stream().map(Printable::of).toList(), paint));
    }

    /// The head and one line a row.
    List<String> lines(int width) {
        List<Column> shown = new ArrayList<>(columns);
        while (shown.size() > 1 && total(shown) > width) {
            Column least = shown.getFirst();
            for (Column column : shown) {
                if (column.weight() < least.weight()) {
                    least = column;
                }
            }
            Column gone = least;
            shown.removeIf(column -> column.head().equals(gone.head()));
        }
        List<String> lines = new ArrayList<>();
        int rows = shown.isEmpty() ? 0 : shown.getFirst().cells().size();
        for (int row = -1; row < rows; row++) {
            StringBuilder line = new StringBuilder();
            for (Column column : shown) {
                boolean last = column.equals(shown.getLast());
                line.append(line.isEmpty() ? "" : GAP);
                line.append(
                        row < 0
                                ? column.cell(column.head(), last)
                                : column.paint().apply(column.cell(column.cells().get(row), last)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static int total(List<Column> shown) {
        return shown.stream().mapToInt(Column::width).sum() + GAP.length() * (shown.size() - 1);
    }
}
