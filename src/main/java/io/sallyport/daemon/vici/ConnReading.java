package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.model.spec.ConnectionSpec;
import java.util.List;

/// Makes a connection of the section that a client sends for it.
interface ConnReading {
    Result read(Element.Section section);

    /// What came of it.
    sealed interface Result {
        /// @param told what its owner should hear of it
        record Good(ConnectionSpec spec, List<LogLine> told) implements Result {}

        record Bad(String why) implements Result {}
    }
}
