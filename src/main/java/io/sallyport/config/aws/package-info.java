/// What AWS hands out for a VPN connection: the strongSwan text and the XML.
@NullMarked
package io.sallyport.config.aws;

import org.jspecify.annotations.NullMarked;
