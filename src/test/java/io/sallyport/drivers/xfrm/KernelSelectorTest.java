package io.sallyport.drivers.xfrm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.drivers.xfrm.KernelSelector.Port;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What our selectors are in the kernel's words: prefixes and masked ports, all of them and no
/// other.
class KernelSelectorTest {
    private static final Random RANDOM = new Random(20);

    @Test
    void aRangeOfPortsIsCoveredWholeAndOnce() {
        for (int i = 0; i < 300; i++) {
            int a = RANDOM.nextInt(0x10000);
            int b = RANDOM.nextInt(0x10000);
            PortRange range = new PortRange(Math.min(a, b), Math.max(a, b));
            List<Port> ports = KernelSelector.ports(range);
            for (int port = 0; port < 0x10000; port += 1 + RANDOM.nextInt(40)) {
                int at = port;
                long covered = ports.stream().filter(p -> (at & p.mask()) == p.value()).count();
                assertEquals(range.contains(port) ? 1 : 0, covered, range + ": " + port);
            }
        }
        assertEquals(List.of(Port.ANY), KernelSelector.ports(PortRange.ANY));
        assertEquals(List.of(Port.only(1701)), KernelSelector.ports(PortRange.of(1701)));
    }

    /// S1-18: the selector of L2TP, octet for octet as `ip xfrm` writes it.
    @Test
    void theStructureIsTheKernels() {
        List<KernelSelector> all =
                KernelSelector.of(
                        selector("10.0.0.1/32", 17, PortRange.of(1701)),
                        selector("10.1.0.0/16", 17, PortRange.ANY));
        assertEquals(1, all.size());
        ByteBuffer out = ByteBuffer.allocate(Xfrm.SELECTOR).order(ByteOrder.LITTLE_ENDIAN);
        all.getFirst().write(out, 0);
        assertEquals(
                "0a010000000000000000000000000000"
                        + "0a000001000000000000000000000000"
                        + "0000000006a5ffff"
                        + (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "0200" : "0002")
                        + "1020110000000000000000000000",
                HexFormat.of().formatHex(out.array()));
    }

    @Test
    void theTypeOfIcmpIsTheSourceAndItsCodeTheDestination() {
        KernelSelector echo =
                KernelSelector.of(
                                selector("10.0.0.0/8", 1, new PortRange(0x0800, 0x08ff)),
                                selector("10.0.0.0/8", 1, PortRange.ANY))
                        .getFirst();
        assertEquals(Port.only(8), echo.from());
        assertEquals(Port.ANY, echo.to());
    }

    @Test
    void twoFamiliesHaveNothingInCommon() {
        assertTrue(
                KernelSelector.of(
                                TrafficSelector.of(IpPrefix.ALL4),
                                TrafficSelector.of(IpPrefix.ALL6))
                        .isEmpty());
    }

    private static TrafficSelector selector(String prefix, int protocol, PortRange ports) {
        return new TrafficSelector(IpRange.of(IpPrefix.of(prefix)), protocol, ports);
    }
}
