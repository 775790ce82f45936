/**
 * The types a user names: what an executor's coverage is, what may be wrong with it, and
 * what is kept and told of that. Imports nothing of this library.
 */
@NullMarked
package io.github.executormetrics;

import org.jspecify.annotations.NullMarked;
