package io.sallyport.ike.v2.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildAgreementTest {
    private static final ChildSpec PADDED = padded(new Specs().v2().build().children().getFirst());

    private static ChildSpec padded(ChildSpec plain) {
        return new ChildSpec(
                plain.name(),
                plain.mode(),
                plain.proposals(),
                plain.selectors(),
                plain.lifetime(),
                plain.actions(),
                plain.link(),
                ChildOptions.DEFAULT.with(PacketSpec.DEFAULT.disguised(PacketSpec.TO_MTU, 20)));
    }

    private static OuterHeader heard(Payload... payloads) {
        List<PayloadChain.Entry> entries =
                Arrays.stream(payloads)
                        .map(p -> new PayloadChain.Entry(p, Octets.EMPTY, 0))
                        .toList();
        return ChildAgreement.outer(PADDED, new PayloadChain(entries, 0));
    }

    /// RFC 7296, 1.3.1: who does not take padding says so; dummy packets everybody takes (RFC 4303,
    /// 2.6).
    @Test
    void aPeerThatTakesNoPaddingGetsNone() {
        assertEquals(OuterHeader.WHOLE_MTU, heard().tfcOctets());
        OuterHeader without = heard(Notify.of(NotifyType.ESP_TFC_PADDING_NOT_SUPPORTED));
        assertEquals(0, without.tfcOctets());
        assertEquals(20, without.tfcRate());
    }
}
