/// Every dialect in, one typed model out, with diagnostics.
@Room(uses = {"base", "crypto", "model"})
@NullMarked
package io.sallyport.config;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
