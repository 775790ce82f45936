/**
 * How a bean becomes a metered one without changing its type: one class a kind of
 * executor, and {@code ExecutorDecorator}, which picks the row. Imports the monitor and
 * task packages and Spring; knows neither meters nor the watch.
 */
@NullMarked
package io.github.executormetrics.decorate;

import org.jspecify.annotations.NullMarked;
