/// What is put into the system, and taken out again: links, routes, rules, system settings.
@NullMarked
package io.sallyport.daemon.host;

import org.jspecify.annotations.NullMarked;
