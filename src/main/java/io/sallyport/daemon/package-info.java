/// The process: wiring, threads, life cycle, what is put into the system. No protocol logic.
@Room(
        uses = {
            "base", "wire", "ffi", "crypto", "model", "ike", "ipsec", "drivers", "creds", "config",
            "vpn", "control"
        })
@NullMarked
package io.sallyport.daemon;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
