// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pages of the documentation, read from the sources.
 */
final class Documentation {

	static final Path ROOT = Path.of("..");

	private Documentation() {
	}

	static String read(String page) {
		try {
			return Files.readString(ROOT.resolve(page));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The first cells of table rows, without backticks.
	 * @param page the path of the page
	 * @param start how the line of a row begins
	 * @return one entry for each row
	 */
	static List<String> firstCells(String page, String start) {
		return read(page).lines()
			.filter((line) -> line.startsWith(start))
			.map((line) -> line.split("\\|")[1].strip().replace("`", ""))
			.toList();
	}

	static List<Path> subjects() {
		try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
			return files.filter((file) -> file.toString().endsWith(".md") && !file.endsWith("README.md"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<Path> pages() {
		List<Path> pages = new ArrayList<>(subjects());
		for (String page : new String[] { "README.md", "docs/README.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
				"SECURITY.md", "CHANGELOG.md", "observability/README.md", "benchmarks/README.md",
				"stress-tests/README.md" }) {
			pages.add(ROOT.resolve(page));
		}
		return pages;
	}

}
