package io.sallyport.model.spec.child;

/// What binds packets to one child beside its selectors.
///
/// @param in of packets that leave the tunnel; `out`: of packets that enter it
/// @param setIn given to packets after the tunnel; `setOut`: to the packets that carry it
/// @param onInboundSa the inbound SA itself is found by the mark, too
public record MarkSpec(
        Mark in,
        Mark out,
        Mark setIn,
        Mark setOut,
        boolean onInboundSa,
        InterfaceId interfaceIn,
        InterfaceId interfaceOut) {
    public static final MarkSpec NONE =
            new MarkSpec(
                    Mark.NONE,
                    Mark.NONE,
                    Mark.NONE,
                    Mark.NONE,
                    false,
                    InterfaceId.NONE,
                    InterfaceId.NONE);

    /// Who chooses a number.
    public enum Choice {
        GIVEN,
        /// We, another for every SA (`%unique`).
        UNIQUE,
        /// We, another for every SA and direction (`%unique-dir`).
        UNIQUE_DIRECTION,
        /// It is that of the packet (`%same`).
        SAME
    }

    /// A value and the bits of it that count. No bits: no mark.
    public record Mark(Choice choice, int value, int mask) {
        public static final Mark NONE = new Mark(Choice.GIVEN, 0, 0);

        public boolean isSet() {
            return mask != 0 || choice != Choice.GIVEN;
        }
    }

    /// The number of an XFRM interface; 0: none.
    public record InterfaceId(Choice choice, int number) {
        public static final InterfaceId NONE = new InterfaceId(Choice.GIVEN, 0);

        public boolean isSet() {
            return number != 0 || choice != Choice.GIVEN;
        }
    }
}
