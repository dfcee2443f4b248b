/// Keys in memory, found by identity.
@NullMarked
package io.sallyport.creds.store;

import org.jspecify.annotations.NullMarked;
