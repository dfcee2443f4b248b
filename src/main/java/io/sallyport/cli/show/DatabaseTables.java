package io.sallyport.cli.show;

import io.sallyport.cli.console.Quantity;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import java.util.List;
import java.util.function.Function;

/// SAD and SPD as tables.
public final class DatabaseTables {
    private DatabaseTables() {}

    public static List<String> sad(List<SadView> all, int width) {
        TextTable table = new TextTable();
        table.column("CHILD", 9, false, cells(all, s -> name(s.connection(), s.child())));
        table.column("", 8, false, cells(all, s -> s.active() ? "out" : ""));
        table.column("IN", 9, false, cells(all, SadView::spiIn));
        table.column("OUT", 9, false, cells(all, SadView::spiOut));
        table.column("KIND", 5, false, cells(all, s -> s.protocol() + carriage(s) + s.mode()));
        table.column("SUITE", 4, false, cells(all, SadView::suite));
        table.column("PEER", 7, false, cells(all, SadView::remote));
        table.column("HIGHEST IN", 2, true, cells(all, s -> Long.toString(s.highestIn())));
        table.column("LAST OUT", 2, true, cells(all, s -> Long.toString(s.sequenceOut())));
        table.column("RECEIVED", 6, true, cells(all, s -> Quantity.octets(s.traffic().octetsIn())));
        table.column("SENT", 6, true, cells(all, s -> Quantity.octets(s.traffic().octetsOut())));
        table.column("ENGINE", 1, false, cells(all, SadView::engine));
        if (all.stream().anyMatch(s -> s.dummiesOut() > 0)) {
            table.column("DUMMIES", 1, true, cells(all, s -> Long.toString(s.dummiesOut())));
        }
        table.column(
                "PATH MTU",
                1,
                true,
                cells(all, s -> s.pathMtu() == 0 ? "-" : Integer.toString(s.pathMtu())));
        table.column("SELECTORS", 3, false, cells(all, SadView::selectors));
        return table.lines(width);
    }

    public static List<String> spd(List<SpdView> all, int width) {
        TextTable table = new TextTable();
        table.column("CHILD", 8, false, cells(all, s -> name(s.connection(), s.child())));
        table.column("TUN", 4, false, cells(all, s -> s.link().isEmpty() ? "shared" : s.link()));
        table.column("ACTION", 9, false, cells(all, SpdView::action));
        table.column("SA", 7, false, cells(all, s -> s.up() ? "up" : s.trap() ? "trap" : "none"));
        table.column(
                "PRIORITY",
                3,
                true,
                cells(all, s -> s.priority() == 0 ? "narrow" : Integer.toString(s.priority())));
        table.column("SELECTORS", 9, false, cells(all, SpdView::selectors));
        table.column("PACKETS", 6, true, cells(all, s -> Long.toString(s.packets())));
        table.column("OCTETS", 5, true, cells(all, s -> Quantity.octets(s.octets())));
        return table.lines(width);
    }

    private static String carriage(SadView sa) {
        return sa.tcp() ? " in TCP " : sa.udp() ? " in UDP " : " ";
    }

    private static String name(String connection, String child) {
        return child.isEmpty() || child.equals(connection) ? connection : connection + "/" + child;
    }

    private static <T> List<String> cells(List<T> all, Function<T, String> cell) {
        return all.stream().map(cell).toList();
    }
}
