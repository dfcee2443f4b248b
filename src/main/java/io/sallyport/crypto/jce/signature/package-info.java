/// Signatures of IKE by the JDK's providers, strict in what they take.
@NullMarked
package io.sallyport.crypto.jce.signature;

import org.jspecify.annotations.NullMarked;
