/// IKEv1 (and, later, IKEv2) as sans-IO machines over one SA table.
@Room(uses = {"base", "wire", "crypto", "model"})
@NullMarked
package io.sallyport.ike;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
