/// vici, the control contract of charon: messages, packets, and a server that gives each caller a
/// session. What the commands do is the daemon's.
@NullMarked
package io.sallyport.control.vici;

import org.jspecify.annotations.NullMarked;
