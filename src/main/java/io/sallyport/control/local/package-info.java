/// How the command line starts the program's other half without linking to it.
@NullMarked
package io.sallyport.control.local;

import org.jspecify.annotations.NullMarked;
