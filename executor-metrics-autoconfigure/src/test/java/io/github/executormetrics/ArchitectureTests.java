// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of who may import whom.
 */
@AnalyzeClasses(packages = "io.github.executormetrics", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.github.executormetrics";

	@ArchTest
	static final ArchRule eachLayerImportsOnlyWhatStandsBelowIt = Architectures.layeredArchitecture()
		.consideringOnlyDependenciesInAnyPackage(ROOT + "..")
		.layer("autoconfigure")
		.definedBy(ROOT + ".autoconfigure..")
		.layer("actuate")
		.definedBy(ROOT + ".actuate")
		.layer("watch")
		.definedBy(ROOT + ".watch")
		.layer("workers")
		.definedBy(ROOT + ".workers")
		.layer("reactor")
		.definedBy(ROOT + ".reactor")
		.layer("decorate")
		.definedBy(ROOT + ".decorate")
		.layer("meters")
		.definedBy(ROOT + ".meters")
		.layer("servers")
		.definedBy(ROOT + ".servers")
		.layer("tracing")
		.definedBy(ROOT + ".tracing")
		.layer("monitor")
		.definedBy(ROOT + ".monitor")
		.layer("task")
		.definedBy(ROOT + ".task")
		.layer("root")
		.definedBy(ROOT)
		.whereLayer("autoconfigure")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("actuate")
		.mayOnlyBeAccessedByLayers("autoconfigure")
		.whereLayer("watch")
		.mayOnlyBeAccessedByLayers("autoconfigure", "actuate")
		.whereLayer("workers")
		.mayOnlyBeAccessedByLayers("watch")
		.whereLayer("reactor")
		.mayOnlyBeAccessedByLayers("autoconfigure")
		.whereLayer("decorate")
		.mayOnlyBeAccessedByLayers("autoconfigure", "reactor")
		.whereLayer("meters")
		.mayOnlyBeAccessedByLayers("autoconfigure")
		.whereLayer("servers")
		.mayOnlyBeAccessedByLayers("autoconfigure")
		.whereLayer("tracing")
		.mayOnlyBeAccessedByLayers("autoconfigure")
		.whereLayer("monitor")
		.mayOnlyBeAccessedByLayers("autoconfigure", "actuate", "watch", "workers", "reactor", "decorate", "meters",
				"servers")
		.whereLayer("task")
		.mayOnlyBeAccessedByLayers("autoconfigure", "actuate", "watch", "workers", "reactor", "decorate", "meters",
				"tracing", "monitor");

	@ArchTest
	static final ArchRule tracingKnowsTheHotPathOnly = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage(ROOT + ".tracing")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(ROOT + ".monitor", ROOT + ".decorate", ROOT + ".meters", ROOT + ".watch",
				"org.springframework..");

	@ArchTest
	static final ArchRule packagesHaveNoCycles = SlicesRuleDefinition.slices()
		.matching(ROOT + ".(*)..")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule theHotPathKnowsNeitherSpringNorMicrometer = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage(ROOT + ".task")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.micrometer..");

	@ArchTest
	static final ArchRule nothingIsReadBackFromMeters = ArchRuleDefinition.noClasses()
		.that()
		.resideInAnyPackage(ROOT + ".task", ROOT + ".monitor", ROOT + ".decorate", ROOT + ".watch", ROOT + ".workers",
				ROOT + ".actuate")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.micrometer..");

	@ArchTest
	static final ArchRule theApiImportsNothingInternal = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage(ROOT)
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(ROOT + ".*..", "io.micrometer.core..", "org.springframework.boot..");

	@Test
	void everyOtherPackageSaysThatItIsInternal() throws IOException {
		for (Path source : sources()) {
			if (source.endsWith("package-info.java")) {
				boolean isApi = source.getParent().endsWith("executormetrics");
				String text = Files.readString(source).replaceAll("\\s+\\*?\\s*", " ");
				assertThat(text.contains("Internal: may change in any version.")).as(source.toString())
					.isNotEqualTo(isApi);
			}
		}
	}

	@Test
	void publicTypesAreThese() throws IOException {
		List<String> types = new ArrayList<>();
		for (Path source : sources()) {
			if (source.getParent().endsWith("executormetrics") && Files.readString(source).contains("\npublic ")) {
				types.add(source.getFileName().toString().replace(".java", ""));
			}
		}
		assertThat(types).containsExactlyInAnyOrder("Coverage", "DefaultTaskObservationConvention", "ExecutorLimits",
				"ExecutorMetrics", "ExecutorOrigin", "ExecutorStarvationCleared", "ExecutorStarvationRaised",
				"NamedTask", "RaisedCause", "StarvationCause", "StarvationIncident", "TaskNameScope",
				"TaskObservationContext", "TaskObservationConvention", "TaskObservationDocumentation", "TaskSpans",
				"WorkerStack");
	}

	private static List<Path> sources() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList();
		}
	}

	@Test
	void meterNamesStandInTheEnumOnly() throws IOException {
		List<Path> sources = sources();
		assertThat(sources).hasSizeGreaterThan(50);
		for (Path source : sources) {
			// the observations of tasks are no meters, and have an enum of their own
			boolean isEnum = source.endsWith("ExecutorMeter.java")
					|| source.endsWith("TaskObservationDocumentation.java");
			assertThat(Files.readString(source).contains("\"executor.")).as(source.toString()).isEqualTo(isEnum);
		}
	}

}
