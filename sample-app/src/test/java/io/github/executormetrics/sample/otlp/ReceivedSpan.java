// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;

/**
 * One decoded span.
 *
 * @param name its name
 * @param kind its kind
 * @param traceId the trace it belongs to
 * @param spanId its own id
 * @param parentId the id of its parent, empty where it has none
 * @param status how it ended
 * @param attributes its attributes
 */
record ReceivedSpan(String name, SpanKind kind, String traceId, String spanId, String parentId, StatusCode status,
		Map<String, String> attributes) {

	// what the library says of a task
	static final String EXECUTOR = "executor.name";

	static final String OUTCOME = "task.outcome";

	static final String TASK = "task.name";

	static final String WAIT = "task.wait.ms";

	static ReceivedSpan of(Span span) {
		Map<String, String> attributes = new HashMap<>();
		for (KeyValue attribute : span.getAttributesList()) {
			attributes.put(attribute.getKey(), attribute.getValue().getStringValue());
		}
		return new ReceivedSpan(span.getName(), span.getKind(), hex(span.getTraceId()), hex(span.getSpanId()),
				hex(span.getParentSpanId()), span.getStatus().getCode(), attributes);
	}

	private static String hex(ByteString id) {
		return HexFormat.of().formatHex(id.toByteArray());
	}

	/** Whether the library made it for a task. */
	boolean isTask() {
		return this.attributes.containsKey(EXECUTOR);
	}

	/** As the log shows it. */
	String correlation() {
		return "[" + this.traceId + "-" + this.spanId + "]";
	}

}
