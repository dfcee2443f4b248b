package io.sallyport.sim;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What happened, as a dialogue with arrows. It costs nothing while it is off: a world that fails
/// is lived once more with it on.
final class Diary {
    private final boolean on;
    private final int most;
    private final Deque<String> lines = new ArrayDeque<>();

    Diary(boolean on, int most) {
        this.on = on;
        this.most = most;
    }

    boolean isOn() {
        return on;
    }

    void add(long now, String what) {
        if (on) {
            if (lines.size() == most) {
                lines.removeFirst();
            }
            lines.add("%9.3f  %s".formatted(now / (double) Scenario.SECOND, what));
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /// What an IKE message says, as far as `engine` sealed it itself.
    static String describe(Octets message, SimEngine engine) {
        try {
            IkeHeader header = IkeHeader.parse(message);
            String head =
                    "%08x/%08x "
                            .formatted(header.initiatorSpi() >>> 32, header.responderSpi() >>> 32);
            Optional<SimEngine.Sealed> inside = engine.inside(message);
            return head
                    + (header.majorVersion() == 2
                            ? second(header, message, inside)
                            : first(header, inside));
        } catch (MalformedException e) {
            return "malformed: " + e.getMessage();
        }
    }

    private static String second(
            IkeHeader header, Octets message, Optional<SimEngine.Sealed> inside)
            throws MalformedException {
        String what =
                ExchangeType.name(header.exchangeType())
                        + (header.response() ? " response " : " request ")
                        + header.messageId();
        if (inside.isEmpty()) {
            return what;
        }
        Octets plain = inside.get().plain();
        int padding = plain.at(plain.length() - 1);
        Octets chain = plain.slice(0, plain.length() - 1 - padding);
        return what
                + " {"
                + PayloadChain.parseInner(message.at(IkeHeader.LENGTH), chain).payloads().stream()
                        .map(Diary::name)
                        .collect(Collectors.joining(" "))
                + "}";
    }

    private static String name(Object payload) {
        return switch (payload) {
            case Notify n -> "N(" + NotifyType.name(n.notifyType()) + spi(n.spi()) + ")";
            case Delete d ->
                    "D("
                            + (d.spis().isEmpty()
                                    ? "IKE"
                                    : d.spis().stream()
                                            .map(Octets::hex)
                                            .collect(Collectors.joining(",")))
                            + ")";
            default -> payload.getClass().getSimpleName();
        };
    }

    private static String spi(Octets spi) {
        return spi.isEmpty() ? "" : " " + spi.hex();
    }

    private static String first(IkeHeader header, Optional<SimEngine.Sealed> inside) {
        String name =
                switch (header.exchangeType()) {
                    case 2 -> "main mode";
                    case 5 -> "informational";
                    case 32 -> "quick mode";
                    default -> "exchange " + header.exchangeType();
                };
        String id = header.messageId() == 0 ? "" : " " + Integer.toHexString(header.messageId());
        return name + id + inside.map(s -> " " + oldPayloads(header, s.plain())).orElse("");
    }

    private static String oldPayloads(IkeHeader header, Octets plain) {
        try {
            return io.sallyport.wire.ike.v1.PayloadChain.parse(header.nextPayload(), plain, 0)
                    .payloads()
                    .stream()
                    .map(Diary::oldName)
                    .collect(Collectors.joining(" ", "{", "}"));
        } catch (MalformedException e) {
            return "{?}";
        }
    }

    private static String oldName(Object payload) {
        return switch (payload) {
            case io.sallyport.wire.ike.v1.Delete d ->
                    "D("
                            + d.spis().stream().map(Octets::hex).collect(Collectors.joining(","))
                            + ")";
            case io.sallyport.wire.ike.v1.Notification n ->
                    "N(" + n.notifyType() + spi(n.spi()) + ")";
            default -> payload.getClass().getSimpleName();
        };
    }
}
