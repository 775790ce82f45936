// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The live instances of the classes of this project, as the JVM counts them after a full
 * collection.
 */
final class ClassHistogram {

	// slots, the figures of names in each, labels and buckets
	private static final int INSTANCES_AT_MOST = 1_000;

	private static final Pattern OURS = Pattern
		.compile("^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\[*L?io\\.github\\.executormetrics\\.(?!benchmarks)\\S+)");

	private ClassHistogram() {
	}

	/**
	 * Count them now.
	 * @return how many of each class, by its name
	 */
	static Map<String, Instances> take() throws JMException {
		Map<String, Instances> instances = new TreeMap<>();
		String histogram = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		histogram.lines().forEach((line) -> {
			Matcher ours = OURS.matcher(line);
			if (ours.find()) {
				instances.put(ours.group(3),
						new Instances(Long.parseLong(ours.group(1)), Long.parseLong(ours.group(2))));
			}
		});
		return instances;
	}

	/**
	 * Fail where more is left of a class than a bounded number, or than there was before.
	 * @param before what there was
	 * @param after what there is
	 */
	static void checkLeft(Map<String, Instances> before, Map<String, Instances> after) {
		after.forEach((type, instances) -> {
			long known = before.getOrDefault(type, Instances.NONE).count();
			System.out.println("left: " + type + " " + known + " " + instances.count());
			if (instances.count() > Math.max(known, INSTANCES_AT_MOST)) {
				throw new IllegalStateException(instances.count() + " left of " + type + ", " + known + " before");
			}
		});
	}

	/**
	 * The instances of a class.
	 *
	 * @param count how many
	 * @param bytes what they take, without what they refer to
	 */
	record Instances(long count, long bytes) {

		static final Instances NONE = new Instances(0, 0);

	}

}
