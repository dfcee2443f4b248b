/// What runs under an established IKEv2 SA: pairs of a request that is built and an answer that is
/// processed, and the same from the other side.
@NullMarked
package io.sallyport.ike.v2.task;

import org.jspecify.annotations.NullMarked;
