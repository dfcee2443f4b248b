package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage.Element;

/// Reads a connection as swanctl.conf has it.
final class SwanctlReading implements ConnReading {
    @Override
    public Result read(Element.Section section) {
        return new Result.Bad("connections over vici are not read yet: " + section.name());
    }
}
