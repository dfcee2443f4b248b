package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// The sender has removed these SAs (RFC 2408, 3.15).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                 domain of interpretation (1)                  |
/// +---------------+---------------+-------------------------------+
/// |  protocol ID  |   SPI size    |           # of SPIs           |
/// +---------------+---------------+-------------------------------+
/// |                             SPIs                              |
/// +---------------------------------------------------------------+
/// ```
///
/// @param doi all 32 bits
/// @param protocolId [ProtocolId], 0..255
/// @param spiSize octets of each SPI, 0..255; 4 for AH and ESP, 16 for ISAKMP
/// @param spis up to 65535; none if `spiSize` is 0
public record Delete(int doi, int protocolId, int spiSize, List<Octets> spis) implements Payload {
    public Delete {
        spis = List.copyOf(spis);
        if (protocolId >>> 8 != 0
                || spiSize >>> 8 != 0
                || spis.size() > 0xffff
                || spiSize == 0 && !spis.isEmpty()) {
            throw new IllegalArgumentException("delete does not fit its fields");
        }
        for (Octets spi : spis) {
            if (spi.length() != spiSize) {
                throw new IllegalArgumentException(
                        "SPI of " + spi.length() + " octets among those of " + spiSize);
            }
        }
    }

    static Delete parse(Reader in) throws MalformedException {
        int doi = (int) in.u32("DOI");
        int protocolId = in.u8("protocol ID");
        int spiSize = in.u8("SPI size");
        int count = in.u16("number of SPIs");
        if (spiSize * count != in.remaining() || spiSize == 0 && count != 0) {
            throw in.malformed(
                    count + " SPIs of " + spiSize + " octets in " + in.remaining() + " octets");
        }
        List<Octets> spis = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            spis.add(in.octets(spiSize, "SPI"));
        }
        return new Delete(doi, protocolId, spiSize, spis);
    }

    @Override
    public int type() {
        return PayloadType.DELETE;
    }

    @Override
    public Octets body() {
        Writer out = new Writer(8 + spis.size() * spiSize);
        out.u32(doi).u8(protocolId).u8(spiSize).u16(spis.size());
        spis.forEach(out::octets);
        return out.toOctets();
    }
}
