/// The road of a packet that nobody sends: what would become of it, for people.
@NullMarked
package io.sallyport.ipsec.trace;

import org.jspecify.annotations.NullMarked;
