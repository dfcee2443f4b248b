/// Told: what happened, for journal, metrics and people.
@NullMarked
package io.sallyport.model.event;

import org.jspecify.annotations.NullMarked;
