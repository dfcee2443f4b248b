package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// Security associations offered, or the one chosen (RFC 7296, 3.3): proposals one behind the
/// other.
///
/// @param proposals 1..[#MAX_PROPOSALS] in order of preference
public record SaPayload(List<Proposal> proposals) implements Payload {
    /// More are an attack on who must compare them.
    public static final int MAX_PROPOSALS = 64;

    private static final int MORE = 2;

    public SaPayload {
        proposals = List.copyOf(proposals);
        if (proposals.isEmpty() || proposals.size() > MAX_PROPOSALS) {
            throw new IllegalArgumentException(proposals.size() + " proposals");
        }
    }

    static SaPayload parse(Reader in) throws MalformedException {
        List<Proposal> proposals = new ArrayList<>();
        boolean more = true;
        while (more) {
            if (proposals.size() == MAX_PROPOSALS) {
                throw in.malformed("more than " + MAX_PROPOSALS + " proposals");
            }
            // RFC 7296, 3.3.1: "Last Substruc" is 0 if this was the last proposal, 2 if not.
            int last = in.u8("last substructure of a proposal");
            if (last != MORE && last != 0) {
                throw in.malformed("last substructure " + last + " in a proposal");
            }
            proposals.add(Proposal.parse(substructure(in, "proposal")));
            more = last == MORE;
        }
        return new SaPayload(proposals);
    }

    /// Steps over the reserved octet and the length of a substructure; the reader of what follows.
    static Reader substructure(Reader in, String what) throws MalformedException {
        in.u8("reserved");
        int length = in.u16(what + " length");
        return in.window(length - 4, what);
    }

    /// Whether the proposals bear the numbers of an offer. RFC 7296, 3.3.1: the first "MUST be 1,
    /// and subsequent proposals MUST be one more than the previous proposal"; a choice bears the
    /// number of the proposal that was taken.
    public boolean numberedAsOffer() {
        for (int i = 0; i < proposals.size(); i++) {
            if (proposals.get(i).number() != i + 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int type() {
        return PayloadType.SA;
    }

    @Override
    public Octets body() {
        Writer out = new Writer(128);
        for (int i = 0; i < proposals.size(); i++) {
            out.u8(i == proposals.size() - 1 ? 0 : MORE);
            proposals.get(i).emit(out);
        }
        return out.toOctets();
    }
}
