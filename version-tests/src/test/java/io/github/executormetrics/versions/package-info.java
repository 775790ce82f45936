// SPDX-License-Identifier: Apache-2.0

/**
 * What must hold on each supported version of Spring Boot, with the packaged library. Run
 * by the Maven profile {@code versions}, for the version in {@code -Dboot.version}.
 */
@NullMarked
package io.github.executormetrics.versions;

import org.jspecify.annotations.NullMarked;
