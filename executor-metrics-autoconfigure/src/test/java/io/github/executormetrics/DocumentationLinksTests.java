// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each relative link of the documentation has a target, the heading included.
 */
class DocumentationLinksTests {

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

	private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\\n]*`");

	private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");

	private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

	private static final Pattern EXTERNAL = Pattern.compile("[a-z]+:.*");

	@Test
	void linksHaveTargets() {
		List<String> missing = new ArrayList<>();
		int links = 0;
		for (Path page : Documentation.pages()) {
			String text = CODE.matcher(read(page)).replaceAll("");
			for (MatchResult link : LINK.matcher(text).results().toList()) {
				String target = link.group(1);
				if (!EXTERNAL.matcher(target).matches()) {
					links++;
					if (!exists(page, target)) {
						missing.add(page + ": " + target);
					}
				}
			}
		}
		assertThat(missing).isEmpty();
		assertThat(links).isGreaterThan(100);
	}

	@Test
	void anchorsAreThoseOfGitHub() {
		assertThat(anchors("""
				# Why not `this`, or [that](there.md)?
				## Fork/join pools
				## Fork/join pools
				```
				# no heading
				```
				## What it costs: 0.1 %, by_name
				""")).containsExactlyInAnyOrder("why-not-this-or-that", "forkjoin-pools", "forkjoin-pools-1",
				"what-it-costs-01--by_name");
	}

	private static boolean exists(Path page, String target) {
		int hash = target.indexOf('#');
		String path = (hash >= 0) ? target.substring(0, hash) : target;
		Path file = path.isEmpty() ? page : page.resolveSibling(path);
		return Files.exists(file) && (hash < 0 || anchors(read(file)).contains(target.substring(hash + 1)));
	}

	private static Set<String> anchors(String page) {
		Set<String> anchors = new HashSet<>();
		HEADING.matcher(FENCE.matcher(page).replaceAll("")).results().forEach((heading) -> {
			String anchor = heading.group(1)
				.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-');
			String unique = anchor;
			for (int i = 1; !anchors.add(unique); i++) {
				unique = anchor + "-" + i;
			}
		});
		return anchors;
	}

	private static String read(Path page) {
		return Documentation.read(Documentation.ROOT.relativize(page).toString());
	}

}
