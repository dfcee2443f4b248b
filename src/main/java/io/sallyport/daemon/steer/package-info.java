/// What people ask of the running daemon, and what they are shown.
@NullMarked
package io.sallyport.daemon.steer;

import org.jspecify.annotations.NullMarked;
