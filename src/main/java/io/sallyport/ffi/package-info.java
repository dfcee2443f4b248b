/// The only native code: Linux system calls, ipsec-mb and PKCS#11 by the foreign function
/// interface.
@Room(uses = {"base"})
@NullMarked
package io.sallyport.ffi;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
