/// Steering: what people ask of a running daemon, and the unix socket they ask through.
@Room(uses = {"base", "model", "config"})
@NullMarked
package io.sallyport.control;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
