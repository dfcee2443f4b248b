/// Links, addresses, routes, rules and settings of one network namespace.
@NullMarked
package io.sallyport.drivers.route;

import org.jspecify.annotations.NullMarked;
