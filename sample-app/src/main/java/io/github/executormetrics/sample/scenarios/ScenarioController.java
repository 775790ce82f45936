// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.scenarios;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import io.github.executormetrics.sample.SampleProperties;

/**
 * Makes trouble on demand.
 */
@RestController
class ScenarioController {

	private final Troublemaker troublemaker;

	private final SampleProperties properties;

	ScenarioController(Troublemaker troublemaker, SampleProperties properties) {
		this.troublemaker = troublemaker;
		this.properties = properties;
	}

	@PostMapping("/scenarios/{name}")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Started start(@PathVariable String name) {
		Scenario scenario = Arrays.stream(Scenario.values())
			.filter((candidate) -> nameOf(candidate).equals(name))
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"No scenario '" + name + "', only " + names()));
		if (!this.troublemaker.make(scenario)) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "Scenario '" + name + "' is already running");
		}
		return new Started(name, scenario.executor(), this.properties.trouble().toSeconds());
	}

	private static List<String> names() {
		return Arrays.stream(Scenario.values()).map(ScenarioController::nameOf).toList();
	}

	private static String nameOf(Scenario scenario) {
		return scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * What was started.
	 *
	 * @param scenario its name
	 * @param executor the executor that suffers
	 * @param seconds for how long
	 */
	record Started(String scenario, String executor, long seconds) {

	}

}
