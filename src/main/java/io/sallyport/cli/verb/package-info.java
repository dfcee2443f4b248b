/// The verbs, one class each: what it takes, what it does, its help.
@NullMarked
package io.sallyport.cli.verb;

import org.jspecify.annotations.NullMarked;
