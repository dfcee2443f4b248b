/// What a packet is (a flow), and which packets an SA or a policy covers (selectors).
@NullMarked
package io.sallyport.ipsec.select;

import org.jspecify.annotations.NullMarked;
