/// What all dialects share before any meaning: text with positions, settings, findings.
@NullMarked
package io.sallyport.config.syntax;

import org.jspecify.annotations.NullMarked;
