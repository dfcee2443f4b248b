package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import java.io.IOException;
import java.util.OptionalLong;

/// Sends one ICMP echo request and waits for its answer.
public interface Echo {
    /// @param link interface to send through; empty: as routing decides
    /// @return round-trip time in nanoseconds; empty: no answer in the time allowed
    OptionalLong ask(IpAddress host, String link, long timeoutNanos) throws IOException;
}
