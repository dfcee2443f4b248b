/// Views as text for people.
@NullMarked
package io.sallyport.cli.show;

import org.jspecify.annotations.NullMarked;
