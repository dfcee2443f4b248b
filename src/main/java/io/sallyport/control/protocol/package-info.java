/// One JSON object a line: requests, responses, and the limits on both.
@NullMarked
package io.sallyport.control.protocol;

import org.jspecify.annotations.NullMarked;
