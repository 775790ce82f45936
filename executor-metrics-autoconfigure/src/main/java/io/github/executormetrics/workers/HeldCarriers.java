// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.RaisedCause.Advice;

/**
 * What the carriers of virtual threads do while no further virtual thread gets one.
 *
 * @param carriers how many there are
 * @param seen those that run a known task
 */
public record HeldCarriers(int carriers, List<Carrier> seen) {

	private static final int PLACES_AT_MOST = 3;

	/**
	 * What to do about carriers that are held.
	 * @return the advice, or null where none is held as far as is seen
	 */
	public @Nullable Advice advice() {
		long held = this.seen.stream().filter(Carrier::isHeld).count();
		if (held == 0) {
			return null;
		}
		Map<String, Number> figures = new LinkedHashMap<>();
		figures.put("heldCarriers", held);
		figures.put("carriers", this.carriers);
		return new Advice("Waiting virtual threads hold " + held + " of " + this.carriers
				+ " carriers. A virtual thread keeps its"
				+ " carrier while it waits in a static initializer, below a native method or, before JDK 24,"
				+ " in a synchronized block. Initialize such classes at the start, or run these tasks on"
				+ " platform threads", Map.of(), figures);
	}

	/**
	 * What the carriers do, in words.
	 * @return for example
	 * {@code all 2 carriers of virtual threads are held: Rates.load, in
	 * CountDownLatch.await (class initialization)}
	 */
	public String describe() {
		return describe(true);
	}

	/**
	 * What the carriers do, in words that name no frame, no thread and no class.
	 * @return for example
	 * {@code all 2 carriers of virtual threads are held (class initialization)}
	 */
	public String describePlain() {
		return describe(false);
	}

	private String describe(boolean withPlaces) {
		StringJoiner words = new StringJoiner("; ");
		add(words, Carrier::isHeld, "is held", "are held", withPlaces);
		add(words, Carrier::isComputing, "computes", "compute", withPlaces);
		add(words, (carrier) -> !carrier.isHeld() && !carrier.isComputing(), "runs", "run", withPlaces);
		int unknown = this.carriers - this.seen.size();
		if (unknown > 0) {
			words.add(amount(unknown) + ((unknown == 1) ? " runs" : " run") + " no known task");
		}
		return words.toString();
	}

	private void add(StringJoiner words, Predicate<Carrier> which, String one, String many, boolean withPlaces) {
		List<Carrier> found = this.seen.stream().filter(which).toList();
		if (!found.isEmpty()) {
			words.add(amount(found.size()) + " " + ((found.size() == 1) ? one : many)
					+ (withPlaces ? places(found) : reasons(found)));
		}
	}

	private String amount(int some) {
		if (some < this.carriers) {
			return some + " of " + this.carriers + " carriers of virtual threads";
		}
		return (some == 1) ? "the only carrier of virtual threads" : "all " + some + " carriers of virtual threads";
	}

	private String places(List<Carrier> found) {
		Map<String, Long> places = found.stream()
			.collect(Collectors.groupingBy(this::place, LinkedHashMap::new, Collectors.counting()));
		return places.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue().reversed())
			.limit(PLACES_AT_MOST)
			.map((place) -> ((place.getValue() > 1) ? place.getValue() + " in " : "") + place.getKey())
			.collect(Collectors.joining(", and ", ": ", ""));
	}

	private String place(Carrier carrier) {
		String reason = reason(carrier);
		return CodeLocation.inCode(carrier.frames()) + ((reason != null) ? " (" + reason + ")" : "");
	}

	private String reasons(List<Carrier> found) {
		String reasons = found.stream()
			.map(this::reason)
			.filter((reason) -> reason != null)
			.distinct()
			// whichever carrier was seen first
			.sorted()
			.collect(Collectors.joining(", "));
		return reasons.isEmpty() ? "" : " (" + reasons + ")";
	}

	private @Nullable String reason(Carrier carrier) {
		if (!carrier.isHeld()) {
			return null;
		}
		if (carrier.isInitializing()) {
			return "class initialization";
		}
		if (carrier.state() == Thread.State.RUNNABLE) {
			if (carrier.frames().get(0).isNativeMethod()) {
				return "native call";
			}
			return this.seen.stream().anyMatch(Carrier::isInitializing) ? "waits for class initialization"
					: "waits in the JVM";
		}
		// the innermost one is what waits
		boolean isNative = carrier.frames().stream().skip(1).anyMatch(StackTraceElement::isNativeMethod);
		return isNative ? "native frame" : "pinned";
	}

	/**
	 * A carrier as one look found it.
	 *
	 * @param state the state of the virtual thread that it carries
	 * @param frames the stack of that, innermost first, at least one
	 * @param computes whether the carrier uses CPU time, or null where that is not known
	 */
	record Carrier(Thread.State state, List<StackTraceElement> frames, @Nullable Boolean computes) {

		boolean isHeld() {
			return this.state != Thread.State.RUNNABLE || Boolean.FALSE.equals(this.computes);
		}

		boolean isComputing() {
			return !isHeld() && Boolean.TRUE.equals(this.computes);
		}

		boolean isInitializing() {
			return this.frames.stream().anyMatch((frame) -> frame.getMethodName().equals("<clinit>"));
		}

	}

}
