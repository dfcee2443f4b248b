/// Time as an argument, and the next deadline as an answer.
@NullMarked
package io.sallyport.base.time;

import org.jspecify.annotations.NullMarked;
