/// What the kernel is to refuse before it reads it: packets in clear that policy protects.
@NullMarked
package io.sallyport.drivers.filter;

import org.jspecify.annotations.NullMarked;
