/// Where packets meet Linux: TUN devices, sockets, netlink, namespaces, captures.
@Room(uses = {"base", "wire", "ffi", "crypto", "model"})
@NullMarked
package io.sallyport.drivers;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
