/// Events to lines for people, in one place; the ring that keeps the last of them.
@NullMarked
package io.sallyport.daemon.text;

import org.jspecify.annotations.NullMarked;
