package io.sallyport.control.view;

import java.util.List;

/// How packets travel between the kernel and us.
///
/// @param carrier `userspace` or `kernel`
/// @param ports every socket and TUN
public record RoadView(String carrier, List<Port> ports) {
    public static final RoadView NONE = new RoadView("userspace", List.of());

    public RoadView {
        ports = List.copyOf(ports);
    }

    /// @param name of the socket or TUN, for people
    /// @param offload what the kernel is found to do for it
    public record Port(String name, String offload) {}
}
