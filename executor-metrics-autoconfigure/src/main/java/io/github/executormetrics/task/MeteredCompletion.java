package io.github.executormetrics.task;

/**
 * A task that a completable future handed over.
 */
final class MeteredCompletion extends MeteredTask {

	private final TaskOutcome.Completion completion;

	MeteredCompletion(TaskOutcome.Completion completion, TaskRecorder recorder) {
		super(completion, recorder);
		this.completion = completion;
	}

	@Override
	public Class<?> taskType() {
		return this.completion.delegate().getClass();
	}

	@Override
	boolean hasFailed() {
		return this.completion.hasFailed();
	}

}
