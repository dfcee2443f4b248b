/// Keys and trust.
@Room(uses = {"base", "wire", "crypto", "model"})
@NullMarked
package io.sallyport.creds;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
