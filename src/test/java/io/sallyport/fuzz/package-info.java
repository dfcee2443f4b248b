/// What every fuzzed entrance is, and the inputs that are kept: `./check --fuzz TARGET` feeds them
/// by Jazzer, every build feeds the corpora and some thousands of mutants of them.
@NullMarked
package io.sallyport.fuzz;

import org.jspecify.annotations.NullMarked;
