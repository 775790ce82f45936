// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of tasks and their keys.
 *
 * @since 0.1.0
 */
public enum TaskObservationDocumentation implements ObservationDocumentation {

	/**
	 * The run of a task on an executor. Creates a span. Creates no meter under its
	 * default name, because the timers of the executor contain its time already.
	 */
	TASK_EXECUTION {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultTaskObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

	};

	/**
	 * The name of the observation, where the convention is the default one.
	 */
	public static final String NAME = "executor.task.execution";

	/**
	 * Keys with few values.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/**
		 * The bean name of the executor.
		 */
		EXECUTOR {

			@Override
			public String asString() {
				return "executor.name";
			}

		},

		/**
		 * The name of the task.
		 */
		TASK {

			@Override
			public String asString() {
				return "task.name";
			}

		},

		/**
		 * success or error.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "task.outcome";
			}

		}

	}

	/**
	 * Keys with many values.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/**
		 * How long the task waited before it started, in milliseconds; absent if unknown.
		 */
		WAIT {

			@Override
			public String asString() {
				return "task.wait.ms";
			}

		}

	}

}
