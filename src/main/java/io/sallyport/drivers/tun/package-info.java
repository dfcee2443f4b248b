/// TUN devices: clear packets from and to the kernel.
@NullMarked
package io.sallyport.drivers.tun;

import org.jspecify.annotations.NullMarked;
