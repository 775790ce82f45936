// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One decoded export request.
 */
final class OtlpPayload {

	private final ExportMetricsServiceRequest request;

	OtlpPayload(ExportMetricsServiceRequest request) {
		this.request = request;
	}

	/** The attributes of the resource that every metric in here belongs to. */
	Map<String, String> resource() {
		assertThat(this.request.getResourceMetricsList()).hasSize(1);
		return attributes(this.request.getResourceMetrics(0).getResource().getAttributesList());
	}

	boolean has(String name) {
		return metrics(name).size() == 1;
	}

	Metric metric(String name) {
		List<Metric> metrics = metrics(name);
		assertThat(metrics).as(name).hasSize(1);
		return metrics.get(0);
	}

	/**
	 * The value of the one point of a sum or a gauge that has exactly these attributes.
	 */
	double value(String name, Map<String, String> attributes) {
		return point(numbers(name).stream().filter((point) -> has(point.getAttributesList(), attributes)).toList(),
				name, attributes)
			.getAsDouble();
	}

	/** All points of a sum or a gauge. */
	List<NumberDataPoint> numbers(String name) {
		Metric metric = metric(name);
		return metric.hasSum() ? metric.getSum().getDataPointsList() : metric.getGauge().getDataPointsList();
	}

	/** The one point of a histogram that has exactly these attributes. */
	HistogramDataPoint histogram(String name, Map<String, String> attributes) {
		return point(metric(name).getHistogram()
			.getDataPointsList()
			.stream()
			.filter((point) -> has(point.getAttributesList(), attributes))
			.toList(), name, attributes);
	}

	/** Whether there is a point that has exactly these attributes. */
	boolean has(String name, Map<String, String> attributes) {
		return metrics(name).stream()
			.flatMap((metric) -> Stream.of(
					metric.getSum().getDataPointsList().stream().map(NumberDataPoint::getAttributesList),
					metric.getGauge().getDataPointsList().stream().map(NumberDataPoint::getAttributesList),
					metric.getHistogram().getDataPointsList().stream().map(HistogramDataPoint::getAttributesList)))
			.flatMap(Function.identity())
			.anyMatch((actual) -> has(actual, attributes));
	}

	private List<Metric> metrics(String name) {
		return this.request.getResourceMetricsList()
			.stream()
			.map(ResourceMetrics::getScopeMetricsList)
			.flatMap(List::stream)
			.flatMap((scope) -> scope.getMetricsList().stream())
			.filter((metric) -> metric.getName().equals(name))
			.toList();
	}

	private static <T> T point(List<T> points, String name, Map<String, String> attributes) {
		assertThat(points).as(name + attributes).hasSize(1);
		return points.get(0);
	}

	private static boolean has(List<KeyValue> actual, Map<String, String> expected) {
		return attributes(actual).equals(expected);
	}

	private static Map<String, String> attributes(List<KeyValue> attributes) {
		Map<String, String> result = new HashMap<>();
		attributes.forEach((attribute) -> result.put(attribute.getKey(), attribute.getValue().getStringValue()));
		return result;
	}

}
