package io.sallyport.model.event;

/// What one end brought into a negotiation, in words; empty where it was not said.
///
/// @param identity who it is
/// @param wanted who it takes the other end for
/// @param proposals of the SA that was negotiated
/// @param selectors the side of who says it before the other one
public record Terms(String identity, String wanted, String proposals, String selectors) {
    public static final Terms NONE = new Terms("", "", "", "");

    /// Characters of each text that are kept: a stranger may offer thousands of transforms.
    private static final int MOST = 1_000;

    public Terms {
        identity = clipped(identity);
        wanted = clipped(wanted);
        proposals = clipped(proposals);
        selectors = clipped(selectors);
    }

    static String clipped(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + " ...";
    }

    public Terms being(String who, String whom) {
        return new Terms(who, whom, proposals, selectors);
    }

    public Terms offering(String some) {
        return new Terms(identity, wanted, some, selectors);
    }

    /// For a child SA.
    public Terms offering(String some, String traffic) {
        return new Terms(identity, wanted, some, traffic);
    }
}
