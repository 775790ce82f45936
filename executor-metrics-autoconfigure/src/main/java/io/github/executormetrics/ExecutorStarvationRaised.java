// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

/**
 * Application event: an executor begins to starve. Published on a thread of its own, one
 * event after the other, so that a listener may take its time; one that is slow for long
 * delays later events, and past a thousand of them the newest are dropped with a warning.
 *
 * @param incident what is known at this instant
 * @since 0.1.0
 */
public record ExecutorStarvationRaised(StarvationIncident incident) {

}
