/// Programs of the user that are told when children come and go.
@NullMarked
package io.sallyport.daemon.hook;

import org.jspecify.annotations.NullMarked;
