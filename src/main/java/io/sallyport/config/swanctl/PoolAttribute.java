package io.sallyport.config.swanctl;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import java.util.Locale;
import java.util.Optional;

/// The attributes of pools that have a word (RFC 7296, 3.15.1; `server` is Microsoft's, `split_…`
/// Cisco's).
enum PoolAttribute {
    DNS(3, 10),
    NBNS(4, 11),
    DHCP(6, 12),
    NETMASK(2, 9),
    SERVER(23456, 23457),
    SUBNET(13, 15),
    SPLIT_INCLUDE(28676, 0),
    SPLIT_EXCLUDE(28678, 0);

    private final int v4;
    private final int v6;

    PoolAttribute(int v4, int v6) {
        this.v4 = v4;
        this.v6 = v6;
    }

    static Optional<PoolAttribute> find(String key) {
        String word = key.toLowerCase(Locale.ROOT).replace('-', '_');
        for (PoolAttribute a : values()) {
            if (a.word().equals(word)) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    static Optional<PoolAttribute> find(int type) {
        for (PoolAttribute a : values()) {
            if (type != 0 && (a.v4 == type || a.v6 == type)) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// 0: there is none for this family.
    int number(boolean v6) {
        return v6 ? this.v6 : v4;
    }

    boolean isNetwork() {
        return this == SUBNET || this == SPLIT_INCLUDE || this == SPLIT_EXCLUDE;
    }

    /// As it was written, for octets of this attribute.
    String text(Octets value) {
        int octets = value.length() == 16 || value.length() == 17 ? 16 : 4;
        String address = IpAddress.ofOctets(value.slice(0, octets)).toString();
        if (!isNetwork()) {
            return address;
        }
        int length = 0;
        if (octets == 16) {
            length = value.at(16);
        } else {
            for (int i = 4; i < 8; i++) {
                length += Integer.bitCount(value.at(i) & 0xff);
            }
        }
        return address + "/" + length;
    }
}
