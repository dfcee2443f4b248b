/// What the way between two gateways takes: told by ICMP, or found out by probes.
@NullMarked
package io.sallyport.ipsec.path;

import org.jspecify.annotations.NullMarked;
