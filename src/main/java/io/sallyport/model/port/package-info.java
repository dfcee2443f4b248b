/// Asked by code: what answers at once.
@NullMarked
package io.sallyport.model.port;

import org.jspecify.annotations.NullMarked;
