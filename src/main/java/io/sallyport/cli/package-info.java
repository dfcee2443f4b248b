/// The command line: `sallyport` and its verbs.
@Room(uses = {"base", "crypto", "model", "creds", "config", "control"})
@NullMarked
package io.sallyport.cli;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
