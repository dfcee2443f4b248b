/// `sallyport pki`: an authority in files, with the words of strongSwan's `pki`. Nothing here is
/// loaded by any other verb.
@NullMarked
package io.sallyport.cli.pki;

import org.jspecify.annotations.NullMarked;
