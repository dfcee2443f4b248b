/// What every machine takes and gives.
@NullMarked
package io.sallyport.ike.machine;

import org.jspecify.annotations.NullMarked;
