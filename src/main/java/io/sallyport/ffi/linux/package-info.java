/// Linux system calls, one class per C header. Results are plain numbers, `-errno` for an error;
/// nothing is allocated per call.
@NullMarked
package io.sallyport.ffi.linux;

import org.jspecify.annotations.NullMarked;
