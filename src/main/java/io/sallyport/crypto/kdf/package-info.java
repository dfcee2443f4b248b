/// Keys from keys: SKEYID and KEYMAT of IKEv1, prf+ of IKEv2.
@NullMarked
package io.sallyport.crypto.kdf;

import org.jspecify.annotations.NullMarked;
