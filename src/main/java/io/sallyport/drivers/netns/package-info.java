/// Network namespaces, each with a thread that lives in it.
@NullMarked
package io.sallyport.drivers.netns;

import org.jspecify.annotations.NullMarked;
