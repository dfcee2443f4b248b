/// Netlink: messages, attributes, and questions with their answers.
@NullMarked
package io.sallyport.drivers.netlink;

import org.jspecify.annotations.NullMarked;
