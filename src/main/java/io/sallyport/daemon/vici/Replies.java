package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage;

/// The answers that most commands share.
final class Replies {
    private Replies() {}

    static ViciMessage done() {
        return ViciMessage.with().put("success", "yes").done();
    }

    static ViciMessage failed(String why) {
        return ViciMessage.with().put("success", "no").put("errmsg", why).done();
    }
}
