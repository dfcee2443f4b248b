/// The daemon's end of the control socket.
@NullMarked
package io.sallyport.control.server;

import org.jspecify.annotations.NullMarked;
