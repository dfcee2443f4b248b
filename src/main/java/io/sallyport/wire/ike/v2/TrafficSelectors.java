package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// Whose traffic a child SA carries: TSi and TSr (RFC 7296, 3.13).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |   # of TSs    |                   reserved                    |
/// +---------------+-----------------------------------------------+
/// |                       traffic selectors                       |
/// +---------------------------------------------------------------+
/// ```
///
/// @param initiator TSi if true, else TSr
/// @param selectors 0..255 of them
public record TrafficSelectors(boolean initiator, List<Selector> selectors) implements Payload {
    public TrafficSelectors {
        selectors = List.copyOf(selectors);
        if (selectors.size() > 255
                || selectors.stream().mapToInt(s -> s.emit().length()).sum() > MAX_BODY - 4) {
            throw new IllegalArgumentException(selectors.size() + " traffic selectors");
        }
    }

    /// Of addresses, protocols and ports.
    public static TrafficSelectors of(boolean initiator, List<TrafficSelector> selectors) {
        return new TrafficSelectors(
                initiator, selectors.stream().<Selector>map(Selector.Range::of).toList());
    }

    static TrafficSelectors parse(boolean initiator, Reader in) throws MalformedException {
        int count = in.u8("number of traffic selectors");
        in.u8("reserved");
        in.u16("reserved");
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            selectors.add(Selector.parse(in));
        }
        return new TrafficSelectors(initiator, selectors);
    }

    /// Those that are addresses, protocol and ports, as the rest of the house knows them. What
    /// speaks of opaque ports, or is of another type, is not among them.
    public List<TrafficSelector> ranges() {
        List<TrafficSelector> ranges = new ArrayList<>();
        for (Selector selector : selectors) {
            if (selector instanceof Selector.Range range) {
                range.selector().ifPresent(ranges::add);
            }
        }
        return ranges;
    }

    @Override
    public int type() {
        return initiator ? PayloadType.TS_INITIATOR : PayloadType.TS_RESPONDER;
    }

    @Override
    public Octets body() {
        Writer out = new Writer(4 + 16 * selectors.size());
        out.u8(selectors.size()).u8(0).u16(0);
        selectors.forEach(selector -> out.octets(selector.emit()));
        return out.toOctets();
    }
}
