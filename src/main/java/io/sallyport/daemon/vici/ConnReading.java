package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.model.spec.ConnectionSpec;

/// Makes a connection of the section that a client sends for it.
interface ConnReading {
    Result read(Element.Section section);

    /// What came of it.
    sealed interface Result {
        record Good(ConnectionSpec spec) implements Result {}

        record Bad(String why) implements Result {}
    }
}
