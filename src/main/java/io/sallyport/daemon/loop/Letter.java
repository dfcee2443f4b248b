package io.sallyport.daemon.loop;

import io.sallyport.ike.machine.Input;

/// What other threads put into the mailbox of the [IkeLoop].
sealed interface Letter {
    /// Something happened.
    record Happened(Input input) implements Letter {}

    /// Run this on the loop's thread: a question about, or a change to, what it owns.
    record Errand(String name, Runnable work) implements Letter {}
}
