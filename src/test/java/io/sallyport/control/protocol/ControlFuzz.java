package io.sallyport.control.protocol;

import java.nio.charset.StandardCharsets;

/// Lines on the control socket, both ways.
public final class ControlFuzz {
    private ControlFuzz() {}

    /// @throws BadMessageException what we emitted ourselves is refused: an escape
    public static void feed(byte[] input) throws BadMessageException {
        String line = new String(input, StandardCharsets.UTF_8);
        try {
            Reply.parse(line);
        } catch (BadMessageException _) {
            // as it should be
        }
        Request request;
        try {
            request = Request.parse(line);
        } catch (BadMessageException _) {
            return;
        }
        Request.parse(request.emit());
    }
}
