/// ipsec.conf and ipsec.secrets in strongSwan's dialect.
@NullMarked
package io.sallyport.config.ipsecconf;

import org.jspecify.annotations.NullMarked;
