/// The engine over the JDK's own providers: always there, no native library.
@NullMarked
package io.sallyport.crypto.jce;

import org.jspecify.annotations.NullMarked;
