/**
 * The types a user names: what an executor's coverage is and what may be wrong with it.
 * Imports nothing of this library.
 */
@NullMarked
package io.github.executormetrics;

import org.jspecify.annotations.NullMarked;
