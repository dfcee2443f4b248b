package io.sallyport.ipsec.pipeline;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.time.RateLimit;
import io.sallyport.ipsec.path.IcmpQuote;
import java.util.function.Consumer;

/// Reads the ICMP messages that come to this host and hands on those that say that an ESP or AH
/// packet was too large; of a flood few go further. One thread.
public final class IcmpEar {
    private static final int BURST = 64;
    private static final int PER_SECOND = 128;

    private final RateLimit rate = new RateLimit(BURST, PER_SECOND);
    private final Consumer<IcmpQuote> heard;

    public IcmpEar(Consumer<IcmpQuote> heard) {
        this.heard = heard;
    }

    /// @param batch messages without IP header, of one family
    public void listen(PacketBatch batch, boolean v6, long now) {
        for (int i = 0; i < batch.count(); i++) {
            IcmpQuote quote = IcmpQuote.read(batch.memory(), batch.start(i), batch.length(i), v6);
            // What is about somebody else's packets leaves the allowance for what is about ours
            if (quote != null && rate.take(now)) {
                heard.accept(quote);
            }
        }
    }
}
