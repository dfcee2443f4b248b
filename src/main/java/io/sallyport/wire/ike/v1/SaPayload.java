package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// A security association offered or chosen (RFC 2408, 3.4; RFC 2407, 4.6.1).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                 domain of interpretation (1)                  |
/// +---------------------------------------------------------------+
/// |                         situation (1)                         |
/// +---------------------------------------------------------------+
/// |                           proposals                           |
/// +---------------------------------------------------------------+
/// ```
///
/// @param doi [#DOI_IPSEC]; an SA of another DOI parses to [Payload.Unknown]
/// @param situation [#SIT_IDENTITY_ONLY]; another situation has another format and parses to
///   [Payload.Unknown]
public record SaPayload(int doi, int situation, List<Proposal> proposals) implements Payload {
    public static final int DOI_IPSEC = 1;
    public static final int SIT_IDENTITY_ONLY = 1;

    /// A payload of the IPsec DOI, identity only: the one kind there is in practice.
    public static SaPayload ipsec(List<Proposal> proposals) {
        return new SaPayload(DOI_IPSEC, SIT_IDENTITY_ONLY, proposals);
    }

    public SaPayload {
        proposals = List.copyOf(proposals);
        if (doi != DOI_IPSEC || situation != SIT_IDENTITY_ONLY) {
            throw new IllegalArgumentException("DOI " + doi + ", situation " + situation);
        }
    }

    /// The only DOI and situation there are in practice.
    public SaPayload(List<Proposal> proposals) {
        this(DOI_IPSEC, SIT_IDENTITY_ONLY, proposals);
    }

    static Payload parse(Reader in) throws MalformedException {
        Octets all = in.peek();
        if (in.u32("DOI") != DOI_IPSEC || in.u32("situation") != SIT_IDENTITY_ONLY) {
            in.rest();
            return new Unknown(PayloadType.SA, all);
        }
        List<Proposal> proposals = new ArrayList<>();
        boolean more = !in.atEnd();
        while (more) {
            int next = in.u8("next proposal");
            // RFC 2408, 3.5: "This field MUST only contain the value 2 or 0."
            if (next != PayloadType.PROPOSAL && next != PayloadType.NONE) {
                throw in.malformed("next payload " + next + " in a proposal");
            }
            proposals.add(Proposal.parse(rest(in, "proposal")));
            more = next == PayloadType.PROPOSAL;
        }
        return new SaPayload(proposals);
    }

    /// Steps over a generic header whose next payload must be `expected`; the reader of its body.
    static Reader nested(Reader in, int expected, String what) throws MalformedException {
        int next = in.u8(what);
        if (next != expected) {
            throw in.malformed("next payload " + next + " in a " + what + ", not " + expected);
        }
        return rest(in, what);
    }

    private static Reader rest(Reader in, String what) throws MalformedException {
        in.u8("reserved");
        int length = in.u16(what + " length");
        return in.window(length - 4, what);
    }

    @Override
    public int type() {
        return PayloadType.SA;
    }

    @Override
    public Octets body() {
        Writer out = new Writer(128).u32(doi).u32(situation);
        for (int i = 0; i < proposals.size(); i++) {
            proposals.get(i).emit(i == proposals.size() - 1, out);
        }
        return out.toOctets();
    }
}
