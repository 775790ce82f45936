// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * A task of ours, which knows its name.
 */
interface Labelled {

	TaskLabel label();

}
