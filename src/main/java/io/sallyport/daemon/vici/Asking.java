package io.sallyport.daemon.vici;

import io.sallyport.ike.IkeEngine;
import java.util.function.Function;

/// Runs work on the IKE loop's thread and waits for what it says.
interface Asking {
    <T> T ask(String name, Function<IkeEngine, T> work);
}
