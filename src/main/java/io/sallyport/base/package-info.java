/// Nouns every floor shares: addresses, packet memory, time, mailboxes, counters.
@Room
@NullMarked
package io.sallyport.base;

import org.jspecify.annotations.NullMarked;
