/// swanctl.conf, our native format: connections, secrets, pools and authorities, and the same
/// sections when they come over vici.
@NullMarked
package io.sallyport.config.swanctl;

import org.jspecify.annotations.NullMarked;
