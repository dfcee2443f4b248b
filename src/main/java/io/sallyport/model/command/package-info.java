/// Asked by people: commands, and the views that answer queries.
@NullMarked
package io.sallyport.model.command;

import org.jspecify.annotations.NullMarked;
