/// The demonstration: both ends of a VPN in namespaces of this machine.
@NullMarked
package io.sallyport.daemon.demo;

import org.jspecify.annotations.NullMarked;
