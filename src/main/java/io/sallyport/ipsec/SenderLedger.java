package io.sallyport.ipsec;

import io.sallyport.base.net.IpAddress;
import io.sallyport.ipsec.sad.InboundSa;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Whose packets are expected: the peer's address for each SPI of ours. Sockets keep what others
/// send apart. The IKE loop only.
public final class SenderLedger {
    /// SAs, up to which the senders are told.
    static final int MOST = 512;

    private final Map<Integer, IpAddress> senders = new HashMap<>();
    private Consumer<Optional<Map<Integer, IpAddress>>> listener = _ -> {};
    private boolean told;

    /// @param listener hears of all senders, or, when they are too many, of none; once now, and at
    ///   each change
    public void whenChanged(Consumer<Optional<Map<Integer, IpAddress>>> listener) {
        this.listener = listener;
        told = true;
        tell();
    }

    void add(InboundSa sa) {
        senders.put(sa.spi(), sa.carriage().path().remote().address());
        tell();
    }

    void remove(InboundSa sa) {
        senders.remove(sa.spi());
        tell();
    }

    /// Its carriage is another one now.
    void moved(InboundSa sa) {
        IpAddress now = sa.carriage().path().remote().address();
        if (!now.equals(senders.put(sa.spi(), now))) {
            tell();
        }
    }

    private void tell() {
        if (senders.size() <= MOST) {
            told = true;
            listener.accept(Optional.of(Map.copyOf(senders)));
        } else if (told) {
            told = false;
            listener.accept(Optional.empty());
        }
    }
}
