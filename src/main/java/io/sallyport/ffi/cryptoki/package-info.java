/// PKCS#11 (Cryptoki) as a token's module offers it: its functions, by the list that it hands out.
@NullMarked
package io.sallyport.ffi.cryptoki;

import org.jspecify.annotations.NullMarked;
