/// Features on top of tunnels.
@Room(uses = {"base", "wire", "model"})
@NullMarked
package io.sallyport.vpn;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
