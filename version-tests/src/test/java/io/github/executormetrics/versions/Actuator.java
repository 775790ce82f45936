// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asks the endpoints of an application over HTTP.
 */
final class Actuator {

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final String base;

	Actuator(int port) {
		this.base = "http://localhost:" + port + "/actuator/";
	}

	String text(String path) throws Exception {
		var response = this.client.send(HttpRequest.newBuilder(URI.create(this.base + path)).build(),
				BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.body();
	}

	JsonNode json(String path) throws Exception {
		return this.json.readTree(text(path));
	}

}
