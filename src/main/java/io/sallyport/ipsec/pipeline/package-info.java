/// The two packet roads, their stages in order.
@NullMarked
package io.sallyport.ipsec.pipeline;

import org.jspecify.annotations.NullMarked;
