/// What tests share: memory twins, hosts in namespaces, an allocation meter.
@NullMarked
package io.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
