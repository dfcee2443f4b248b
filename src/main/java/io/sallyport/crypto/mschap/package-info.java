/// What MS-CHAP-V2 is made of: MD4, DES and SHA-1. None of it is safe by itself; it is used only
/// inside of an IKE SA whose responder is authenticated.
@NullMarked
package io.sallyport.crypto.mschap;

import org.jspecify.annotations.NullMarked;
