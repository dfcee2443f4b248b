/// What vici clients ask of the daemon, answered in charon's words and order.
@NullMarked
package io.sallyport.daemon.vici;

import org.jspecify.annotations.NullMarked;
