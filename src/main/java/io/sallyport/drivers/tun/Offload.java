package io.sallyport.drivers.tun;

/// How much a TUN carries at a time.
public enum Offload {
    /// One packet a call: the kernel cannot do better.
    NONE("one packet at a time"),
    /// TCP in super-packets of up to 64 KiB, checksums by us.
    TCP("TCP segmentation offload"),
    /// UDP, too: Linux 6.2 and newer.
    TCP_AND_UDP("TCP and UDP segmentation offload");

    private final String text;

    Offload(String text) {
        this.text = text;
    }

    /// For people.
    public String text() {
        return text;
    }
}
