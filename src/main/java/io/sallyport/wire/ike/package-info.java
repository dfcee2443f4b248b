/// What both versions of IKE share: the fixed header, a bounded reader, a writer, and what
/// malformed octets throw.
@NullMarked
package io.sallyport.wire.ike;

import org.jspecify.annotations.NullMarked;
