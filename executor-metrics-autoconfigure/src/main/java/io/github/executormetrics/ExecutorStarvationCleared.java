// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

/**
 * Application event: an executor starves no more. Published as
 * {@link ExecutorStarvationRaised} is, and after it.
 *
 * @param incident the whole of it, with its end
 * @since 0.1.0
 */
public record ExecutorStarvationCleared(StarvationIncident incident) {

}
