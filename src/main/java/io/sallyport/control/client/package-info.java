/// The asking end of the control socket.
@NullMarked
package io.sallyport.control.client;

import org.jspecify.annotations.NullMarked;
