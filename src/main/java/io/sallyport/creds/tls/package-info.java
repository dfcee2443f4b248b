/// TLS inside of EAP, by JSSE (RFC 5216, RFC 9190).
@NullMarked
package io.sallyport.creds.tls;

import org.jspecify.annotations.NullMarked;
