package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * A task that a completable future handed over.
 */
final class MeteredCompletion extends MeteredTask {

	private final TaskOutcome.Completion completion;

	MeteredCompletion(TaskOutcome.Completion completion, TaskRecorder recorder) {
		super(completion, recorder, recorder.labels().of(completion.task()));
		this.completion = completion;
	}

	@Override
	@Nullable Throwable keptFailure() {
		return this.completion.failure();
	}

}
