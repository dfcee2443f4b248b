/// SAD, SPD and packet pipelines: packets in, packets out.
@Room(uses = {"base", "wire", "crypto", "model"})
@NullMarked
package io.sallyport.ipsec;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
