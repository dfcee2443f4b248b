/// What a daemon shows of itself: plain records, times already relative, JSON by field name.
@NullMarked
package io.sallyport.control.view;

import org.jspecify.annotations.NullMarked;
