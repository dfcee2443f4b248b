/// The kernel's own IPsec, steered by netlink: states, policies, and what the kernel tells of them.
@NullMarked
package io.sallyport.drivers.xfrm;

import org.jspecify.annotations.NullMarked;
