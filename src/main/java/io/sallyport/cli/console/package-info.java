/// Where a verb runs: streams, terminal, environment, time, and text made for them.
@NullMarked
package io.sallyport.cli.console;

import org.jspecify.annotations.NullMarked;
