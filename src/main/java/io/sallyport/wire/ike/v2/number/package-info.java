/// The numbers of IKEv2 as IANA keeps them, with their names and, where they have one, the form of
/// what they number.
@NullMarked
package io.sallyport.wire.ike.v2.number;

import org.jspecify.annotations.NullMarked;
