/// What authorities publish, over HTTP.
@NullMarked
package io.sallyport.drivers.fetch;

import org.jspecify.annotations.NullMarked;
