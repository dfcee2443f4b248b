package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// Settings asked for or given: CP (RFC 7296, 3.15).
///
/// @param configurationType one of the four constants, or another 0..255
/// @param attributes at most [#MAX_ATTRIBUTES]
public record Configuration(int configurationType, List<ConfigurationAttribute> attributes)
        implements Payload {
    public static final int REQUEST = 1;
    public static final int REPLY = 2;
    public static final int SET = 3;
    public static final int ACK = 4;

    /// A gateway with more subnets than that has a routing protocol.
    public static final int MAX_ATTRIBUTES = 1024;

    public Configuration {
        attributes = List.copyOf(attributes);
        if (configurationType >>> 8 != 0
                || attributes.size() > MAX_ATTRIBUTES
                || attributes.stream().mapToInt(a -> 4 + a.value().length()).sum() > MAX_BODY - 4) {
            throw new IllegalArgumentException(
                    attributes.size() + " attributes of configuration " + configurationType);
        }
    }

    static Configuration parse(Reader in) throws MalformedException {
        int configurationType = in.u8("configuration type");
        in.u8("reserved");
        in.u16("reserved");
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        while (!in.atEnd()) {
            if (attributes.size() == MAX_ATTRIBUTES) {
                throw in.malformed("more than " + MAX_ATTRIBUTES + " attributes");
            }
            attributes.add(ConfigurationAttribute.parse(in));
        }
        return new Configuration(configurationType, attributes);
    }

    /// The values of all attributes of one type, in order.
    public List<Octets> values(int type) {
        return attributes.stream()
                .filter(a -> a.type() == type)
                .map(ConfigurationAttribute::value)
                .toList();
    }

    @Override
    public int type() {
        return PayloadType.CONFIGURATION;
    }

    @Override
    public Octets body() {
        Writer out = new Writer(64).u8(configurationType).u8(0).u16(0);
        attributes.forEach(attribute -> attribute.emit(out));
        return out.toOctets();
    }
}
